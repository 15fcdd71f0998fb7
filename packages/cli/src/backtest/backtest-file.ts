// A pre-call workflow in a TypeScript file over calls of the past, on this machine: the server is asked
// for its records alone, and runs nothing of it.
//
//   runs ─▶ each with its steps and its call ─▶ the file's workflow over them ─▶ compared

import type { BacktestedCall, Missing, Run } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import type { replay } from '@bookend/sdk/testing'
import { CliError } from '../cli-error.ts'
import { buildFixture } from '../pull/build-fixture.ts'

type PreCallWorkflow = Extract<Parameters<typeof replay>[0], { kind: 'pre-call' }>

const AT_ONCE = 8

/** @throws {CliError} The file holds a journey. */
export async function loadPreCallFile(path: string): Promise<PreCallWorkflow> {
  const { loadWorkflowFile } = await import('@bookend/server/offline')
  const workflow = await loadWorkflowFile(path)
  if (workflow.kind === 'pre-call') return workflow
  throw new CliError(`${path} is a journey, and a pre-call workflow was asked for`)
}

export async function listPreCallRuns(
  client: Client,
  workflow: string,
  limit: number,
): Promise<string[]> {
  const query = { workflow, kind: 'pre-call' as const, limit }
  const { runs } = await client.call('listRuns', { query })
  // One that was answered from memory was answered by another run.
  return runs.filter(({ repeat_of: first }) => (first ?? null) === null).map(({ id }) => id)
}

/** In the order of the runs; one whose call is not kept any more is left out. */
export async function backtestFile(
  client: Client,
  workflow: PreCallWorkflow,
  runIds: readonly string[],
  onProgress: (done: number) => void = () => undefined,
): Promise<BacktestedCall[]> {
  const found: BacktestedCall[] = []
  for (let at = 0; at < runIds.length; at += AT_ONCE) {
    const runs = await Promise.all(
      runIds.slice(at, at + AT_ONCE).map((id) => client.call('getRun', { params: { id } })),
    )
    const tried = await Promise.all(runs.map((run) => tryRun(client, workflow, run)))
    found.push(...tried.filter((one) => one !== null))
    onProgress(Math.min(at + AT_ONCE, runIds.length))
  }
  return found
}

async function tryRun(
  client: Client,
  workflow: PreCallWorkflow,
  run: Run,
): Promise<BacktestedCall | null> {
  if (run.call_id === null) return null
  const call = await client.call('getCall', { params: { id: run.call_id } })
  const trace = { call_id: run.call_id, pre_call: run, events: [], journeys: [], deliveries: [] }
  const { parseFixture, replay: again } = await import('@bookend/sdk/testing')
  const fixture = parseFixture(buildFixture({ call, trace, form: null }), `run ${run.id}`)
  const { was, now, gaps, run: tried } = await again(workflow, fixture)
  const { compareAnswers } = await import('@bookend/server/offline')
  const budgetMs = run.budget_ms ?? tried.budgetMs
  const then = answerOf(was, run.missing, run.duration_ms ?? 0, run.error)
  const today = answerOf(now, tried.missing, tried.durationMs, tried.error)
  return {
    run_id: run.id,
    call_id: run.call_id,
    from_number: call.from_number,
    started_at: run.started_at,
    version: run.version,
    budget_ms: budgetMs,
    was: then,
    now: today,
    ...compareAnswers(then, today, budgetMs),
    gaps: [...gaps],
  }
}

type Answered = Awaited<ReturnType<typeof replay>>['now']

const answerOf = (
  answered: Answered,
  missing: readonly Missing[],
  duration_ms: number,
  error: string | null,
): BacktestedCall['now'] => ({
  ...answered,
  missing: [...missing],
  duration_ms,
  error,
})
