// Decisions that journeys hand to people.
//
// H1. The first answer wins; whoever comes later is told who was faster, and when.
// H2. An answer, its event, and the run that goes on with it are one transaction (J1).

import type { Handoff, JsonObject } from '@bookend/contract'
import { checkAnswer } from '@bookend/core'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import { wakeRuns } from '../../engine/park-run.ts'
import { acceptEvent, announce, type Accepted } from '../../events/accept-event.ts'
import { findCall } from '../../store/postgres/calls.ts'
import * as handoffs from '../../store/postgres/handoffs.ts'
import type { Access, Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

export function handoffRoutes(context: Context) {
  const { database, reads, engine, changes, clock } = context

  async function get(client: typeof reads, workspaceId: string, id: string): Promise<Handoff> {
    const found = await handoffs.findHandoff(client, workspaceId, id)
    if (found === null) throw notFound('handoff')
    return found
  }

  /** Runs `work` on the open handoff, locked, and tells of it. */
  async function change<T>(
    workspaceId: string,
    id: string,
    work: (client: pg.PoolClient, handoff: Handoff) => Promise<T>,
  ): Promise<{ handoff: Handoff; made: T }> {
    const done = await database.transaction(async (client) => {
      const handoff = await handoffs.lockHandoff(client, workspaceId, id)
      if (handoff === null) throw notFound('handoff')
      refuseUnlessOpen(handoff)
      const made = await work(client, handoff)
      return { handoff: await get(client, workspaceId, id), made }
    })
    changes.publish({ topic: 'handoffs', workspaceId, id, callId: done.handoff.call_id })
    return done
  }

  async function accept(
    client: pg.PoolClient,
    workspaceId: string,
    handoff: Handoff,
    { answer, by }: { answer: JsonObject; by: string },
  ): Promise<Accepted> {
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

  return {
    async listHandoffs({ query, access: { workspaceId } }) {
      const { page, next } = await handoffs.listHandoffs(reads, workspaceId, query)
      return { handoffs: page, next_cursor: next }
    },

    async getHandoff({ params, access: { workspaceId } }) {
      return await get(reads, workspaceId, params.id)
    },

    async claimHandoff({ params: { id }, body, access }) {
      const { workspaceId } = access
      const by = nameOf(body.by, access)
      const { handoff } = await change(workspaceId, id, async (client, { claimed_by }) => {
        if (claimed_by !== null && claimed_by !== by) {
          throw conflict(`It is taken by ${claimed_by}; reassign it to take it over`)
        }
        await handoffs.changeHandoff(client, workspaceId, id, { kind: 'claim', by })
      })
      return handoff
    },

    async answerHandoff({ params: { id }, body, access }) {
      const { workspaceId } = access
      const by = nameOf(body.by, access)
      const { handoff, made } = await change(workspaceId, id, async (client, asked) => {
        const checked = checkAnswer(asked.form, body.answer)
        if (!checked.ok) throw notAsAsked(checked.issues)
        const { answer } = checked
        await handoffs.changeHandoff(client, workspaceId, id, { kind: 'answer', by, answer })
        await wakeRuns(client, workspaceId, [asked.run_id])
        return await accept(client, workspaceId, asked, { answer, by })
      })
      announce(changes, made)
      const { run_id, call_id: callId } = handoff
      changes.publish({ topic: 'wakes', workspaceId, id: run_id, callId })
      return handoff
    },

    async reassignHandoff({ params: { id }, body: { assign }, access: { workspaceId } }) {
      const { handoff } = await change(workspaceId, id, (client) =>
        handoffs.changeHandoff(client, workspaceId, id, { kind: 'reassign', assign }),
      )
      return handoff
    },

    async snoozeHandoff({ params: { id }, body, access: { workspaceId } }) {
      const until = body.until === null ? null : new Date(body.until)
      const { handoff } = await change(workspaceId, id, async (client, { due_at }) => {
        if (until !== null && until >= new Date(due_at)) {
          throw invalid('until', `must be before it is due, at ${due_at}`)
        }
        await handoffs.changeHandoff(client, workspaceId, id, { kind: 'snooze', until })
      })
      return handoff
    },
  } satisfies Partial<Handlers>
}

const nameOf = (by: string | undefined, { keyLabel, keyId }: Access): string =>
  by ?? (keyLabel === '' ? `key ${keyId}` : keyLabel)

function refuseUnlessOpen({ status, answered_by, answered_at }: Handoff): void {
  switch (status) {
    case 'open':
      return
    case 'answered':
      throw conflict(`It was answered by ${answered_by ?? 'somebody'} at ${answered_at ?? ''}`)
    case 'expired':
      throw conflict('Its time is over; the journey went on without an answer')
    case 'cancelled':
      throw conflict('Its run is over, so nobody needs an answer any more')
  }
}

const conflict = (detail: string): ProblemError => new ProblemError('state_conflict', detail)

function notAsAsked(issues: readonly { path: string; message: string }[]): ProblemError {
  const errors = issues.map(({ path, message }) => ({
    path: path === '' ? 'answer' : `answer.${path}`,
    message,
  }))
  const [first] = errors
  return new ProblemError('invalid', `${first?.path ?? 'answer'}: ${first?.message ?? ''}`, errors)
}
