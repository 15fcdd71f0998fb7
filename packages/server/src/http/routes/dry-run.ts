import type { DryRunCreate } from '@bookend/contract'
import type { JourneyCall, JourneyEvent } from '@bookend/core'
import type { Context } from '../../context.ts'
import { dryRun } from '../../dry-run/dry-run.ts'
import { findCallEvent } from '../../dry-run/find-call-event.ts'
import { withAnalysis } from '../../engine/run-rows.ts'
import { findCall } from '../../store/postgres/calls.ts'
import type { LoadedJourney } from '../../workflows/registry.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

export interface JourneyLookup {
  /** @throws {ProblemError} There is none of that name, or it is a pre-call workflow. */
  readonly getJourney: (name: string, workspaceId: string) => LoadedJourney
  /** @throws {ProblemError} The text is no journey. */
  readonly readJourney: (name: string, source: string) => LoadedJourney
}

export function dryRunRoutes(context: Context, { getJourney, readJourney }: JourneyLookup) {
  const { reads, answerParts, clock } = context

  async function readCall(workspaceId: string, callId: string): Promise<JourneyCall | null> {
    const call = withAnalysis(await findCall(reads, workspaceId, callId))
    if (call === null) throw notFound('call')
    return call
  }

  async function readEvent(
    workspaceId: string,
    { definition }: LoadedJourney,
    { call_id: callId, event }: DryRunCreate,
  ): Promise<JourneyEvent> {
    const { on } = definition
    if (event !== undefined) {
      const created_at = clock.now().toISOString()
      return { event_id: 'evt_dry_run', event_type: on, created_at, payload: event.payload }
    }
    if (callId === undefined) throw invalid('call_id', 'is needed, or an event')
    const found = await findCallEvent(reads, workspaceId, callId, on)
    if (found !== null) return found
    throw new ProblemError('state_conflict', `The call has no event ${on} so far`)
  }

  return {
    async dryRunWorkflow({ params: { name }, body, access: { workspaceId } }) {
      const workflow =
        body.source === undefined ? getJourney(name, workspaceId) : readJourney(name, body.source)
      const { call_id: callId } = body
      const call = callId === undefined ? null : await readCall(workspaceId, callId)
      const event = await readEvent(workspaceId, workflow, body)
      const { answers, expire_waits: expireWaits } = body
      return await dryRun(answerParts, {
        workspaceId,
        workflow,
        event,
        call,
        answers,
        expireWaits,
      })
    },
  } satisfies Partial<Handlers>
}
