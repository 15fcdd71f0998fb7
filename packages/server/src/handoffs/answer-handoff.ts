// An answer to a handoff, whichever way it came: through the API, or by a link.
//
// H1. The first answer wins; whoever comes later is told who was faster, and when.
// H2. An answer, its event, and the run that goes on with it are one transaction (J1).

import type { Handoff, JsonObject } from '@bookend/contract'
import { checkAnswer } from '@bookend/core'
import type pg from 'pg'
import type { Context } from '../context.ts'
import { wakeRuns } from '../engine/park-run.ts'
import { acceptEvent, announce } from '../events/accept-event.ts'
import { findCall } from '../store/postgres/calls.ts'
import * as handoffs from '../store/postgres/handoffs.ts'

export type Answered =
  | { readonly kind: 'answered'; readonly handoff: Handoff }
  | { readonly kind: 'gone' }
  /** It is answered already, or nobody needs an answer any more. */
  | { readonly kind: 'over'; readonly handoff: Handoff }
  | { readonly kind: 'refused'; readonly issues: readonly { path: string; message: string }[] }

export type AnswerParts = Pick<Context, 'database' | 'engine' | 'changes' | 'clock'>

export interface GivenAnswer {
  readonly workspaceId: string
  readonly id: string
  readonly answer: JsonObject
  readonly by: string
  /** Looked at once more, with the handoff locked. */
  readonly isAllowed?: (handoff: handoffs.LockedHandoff) => boolean
}

export async function answerHandoff(
  parts: AnswerParts,
  { workspaceId, id, answer: given, by, isAllowed }: GivenAnswer,
): Promise<Answered> {
  const { database, changes } = parts
  const done = await database.transaction(async (client) => {
    const locked = await handoffs.lockHandoff(client, workspaceId, id)
    if (locked === null || isAllowed?.(locked) === false) return { kind: 'gone' as const }
    const { handoff: asked } = locked
    if (asked.status !== 'open') return { kind: 'over' as const, handoff: asked }
    const checked = checkAnswer(asked.form, given)
    if (!checked.ok) return { kind: 'refused' as const, issues: checked.issues }
    const { answer } = checked
    await handoffs.changeHandoff(client, workspaceId, id, { kind: 'answer', by, answer })
    await wakeRuns(client, workspaceId, [asked.run_id])
    const accepted = await accept(parts, client, workspaceId, asked, { answer, by })
    const handoff = await handoffs.findHandoff(client, workspaceId, id)
    return { kind: 'answered' as const, handoff: handoff ?? asked, accepted }
  })
  if (done.kind !== 'answered') return done
  const { handoff, accepted } = done
  changes.publish({ topic: 'handoffs', workspaceId, id, callId: handoff.call_id })
  announce(changes, accepted)
  const { run_id, call_id: callId } = handoff
  changes.publish({ topic: 'wakes', workspaceId, id: run_id, callId })
  return { kind: 'answered', handoff }
}

async function accept(
  { engine, clock }: AnswerParts,
  client: pg.PoolClient,
  workspaceId: string,
  handoff: Handoff,
  { answer, by }: { answer: JsonObject; by: string },
) {
  const { id, call_id: callId, run_id, workflow, step, title } = handoff
  const payload = { handoff_id: id, run_id, call_id: callId, workflow, step, title, answer }
  const call = callId === null ? null : await findCall(client, workspaceId, callId)
  const event = {
    workspaceId,
    type: 'handoff.answered',
    dedupeKey: `handoff.answered:${id}`,
    callId,
    payload: { ...payload, answered_by: by },
  }
  return await acceptEvent(client, engine, event, call, clock.now())
}
