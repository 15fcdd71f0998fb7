// Decisions that journeys hand to people.

import type { Handoff } from '@bookend/contract'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import { answerHandoff } from '../../handoffs/answer-handoff.ts'
import * as handoffs from '../../store/postgres/handoffs.ts'
import type { Access, Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

export function handoffRoutes(context: Context) {
  const { database, reads, changes, links } = context

  async function get(client: typeof reads, workspaceId: string, id: string): Promise<Handoff> {
    const found = await handoffs.findHandoff(client, workspaceId, id)
    if (found === null) throw notFound('handoff')
    return found
  }

  /** Runs `work` on the open handoff, locked, and tells of it. */
  async function change(
    workspaceId: string,
    id: string,
    work: (client: pg.PoolClient, handoff: Handoff) => Promise<void>,
  ): Promise<Handoff> {
    const changed = await database.transaction(async (client) => {
      const locked = await handoffs.lockHandoff(client, workspaceId, id)
      if (locked === null) throw notFound('handoff')
      const { handoff } = locked
      if (handoff.status !== 'open') throw notOpen(handoff)
      await work(client, handoff)
      return await get(client, workspaceId, id)
    })
    changes.publish({ topic: 'handoffs', workspaceId, id, callId: changed.call_id })
    return changed
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
      return await change(workspaceId, id, async (client, { claimed_by }) => {
        if (claimed_by !== null && claimed_by !== by) {
          throw conflict(`It is taken by ${claimed_by}; reassign it to take it over`)
        }
        await handoffs.changeHandoff(client, workspaceId, id, { kind: 'claim', by })
      })
    },

    async answerHandoff({ params: { id }, body, access }) {
      const { workspaceId } = access
      const by = nameOf(body.by, access)
      const answered = await answerHandoff(context, { workspaceId, id, answer: body.answer, by })
      switch (answered.kind) {
        case 'answered':
          return answered.handoff
        case 'gone':
          throw notFound('handoff')
        case 'refused':
          throw notAsAsked(answered.issues)
        case 'over':
          throw notOpen(answered.handoff)
      }
    },

    async linkHandoff({ params: { id }, access: { workspaceId } }) {
      const found = await handoffs.findLinked(reads, workspaceId, id)
      if (found === null) throw notFound('handoff')
      const { handoff, revision } = found
      if (handoff.status !== 'open') throw notOpen(handoff)
      const { assign, due_at } = handoff
      const subject = { workspaceId, id, assign, dueAt: new Date(due_at), revision }
      return { url: links.linkFor(subject), assign, expires_at: due_at }
    },

    async reassignHandoff({ params: { id }, body: { assign }, access: { workspaceId } }) {
      return await change(workspaceId, id, (client) =>
        handoffs.changeHandoff(client, workspaceId, id, { kind: 'reassign', assign }),
      )
    },

    async snoozeHandoff({ params: { id }, body, access: { workspaceId } }) {
      const until = body.until === null ? null : new Date(body.until)
      return await change(workspaceId, id, async (client, { due_at }) => {
        if (until !== null && until >= new Date(due_at)) {
          throw invalid('until', `must be before it is due, at ${due_at}`)
        }
        await handoffs.changeHandoff(client, workspaceId, id, { kind: 'snooze', until })
      })
    },
  } satisfies Partial<Handlers>
}

const nameOf = (by: string | undefined, { keyLabel, keyId }: Access): string =>
  by ?? (keyLabel === '' ? `key ${keyId}` : keyLabel)

function notOpen({ status, answered_by, answered_at }: Handoff): ProblemError {
  switch (status) {
    case 'answered':
      return conflict(`It was answered by ${answered_by ?? 'somebody'} at ${answered_at ?? ''}`)
    case 'expired':
      return conflict('Its time is over; the journey went on without an answer')
    case 'open':
    case 'cancelled':
      return conflict('Its run is over, so nobody needs an answer any more')
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
