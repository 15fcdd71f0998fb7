import type { RunStep } from '@bookend/contract'
import { redact } from '@bookend/core'
import type { AskedStep } from './ask-workflow.ts'
import type { RunStepRow } from './call-record.ts'

/** The rows of a run's steps, without the credentials that went through them. */
export const recordSteps = (
  workspaceId: string,
  runId: string,
  steps: readonly AskedStep[],
): RunStepRow[] =>
  steps.map((step, position) => ({
    workspace_id: workspaceId,
    run_id: runId,
    name: step.name,
    position,
    kind: 'step',
    status: step.status,
    start_ms: step.startMs,
    duration_ms: step.durationMs,
    limit_ms: step.limitMs,
    default_used: step.defaultUsed,
    after_answer: false,
    connection: step.connection,
    action: step.action,
    input: redact(step.input),
    output: redact(step.output),
    error: step.error,
    attempts: [],
    phases: step.phases,
    cache: step.cache,
  }))

/** The same as the API shows them, of a run that is not stored. */
export const renderSteps = (
  workspaceId: string,
  runId: string,
  steps: readonly AskedStep[],
): RunStep[] =>
  recordSteps(workspaceId, runId, steps).map(
    ({ workspace_id: _, run_id: __, position: ___, attempts, ...step }) => ({
      ...step,
      status: step.status as RunStep['status'],
      attempts: [...attempts],
    }),
  )
