// What is reported while a call goes on, and when it ends. Each report is one transaction: what it
// says of the call, its event, and what the event starts; then the answer (J1).

import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import { acceptEvent, announce } from '../../events/accept-event.ts'
import { appendEntries, completeCall, setStatus } from '../../store/postgres/call-life.ts'
import type { CallRow } from '../../store/postgres/call-row.ts'
import { lockCall, withParts } from '../../store/postgres/calls.ts'
import { findYoung } from '../find-young.ts'
import type { Handlers } from '../handlers.ts'
import { notFound } from '../problem.ts'

export function callEventRoutes(context: Context) {
  const { database, engine, changes, clock } = context

  /** Runs `work` with the call locked, in one transaction. */
  async function withCall<T>(
    workspaceId: string,
    id: string,
    work: (client: pg.PoolClient, call: CallRow) => Promise<T>,
  ): Promise<T> {
    const result = await findYoung(context, id, () =>
      database.transaction(async (client) => {
        const call = await lockCall(client, workspaceId, id)
        return call === null ? null : { value: await work(client, call) }
      }),
    )
    if (result === null) throw notFound('call')
    return result.value
  }

  return {
    async appendTranscript({ params, body, access: { workspaceId } }) {
      const { id } = params
      const { sequences, accepted } = await withCall(workspaceId, id, async (client, row) => {
        const stored = await appendEntries(client, row, body.entries)
        const call = await setStatus(client, row, 'in_progress')
        if (stored.length === 0) return { sequences: stored, accepted: null }
        const event = {
          workspaceId,
          type: 'call.transcript_update',
          dedupeKey: `call.transcript_update:${id}:${digest(stored, body.entries)}`,
          callId: id,
          payload: { call_id: id, sequences: [...stored] },
        }
        const record = await withParts(client, call)
        return {
          sequences: stored,
          accepted: await acceptEvent(client, engine, event, record, clock.now()),
        }
      })
      if (accepted !== null) announce(changes, accepted)
      return {
        accepted: sequences.length,
        duplicates: body.entries.length - sequences.length,
        event_id: accepted?.event.id ?? null,
      }
    },

    async completeCall({ params, body, access: { workspaceId } }) {
      const { id } = params
      const { accepted, call } = await withCall(workspaceId, id, async (client, row) => {
        const ended = await completeCall(client, row, body, clock.now())
        const event = {
          workspaceId,
          type: 'call.completed',
          dedupeKey: `call.completed:${id}`,
          callId: id,
          payload: { call_id: id },
        }
        const record = await withParts(client, ended)
        return {
          call: record,
          accepted: await acceptEvent(client, engine, event, record, clock.now()),
        }
      })
      announce(changes, accepted)
      context.repeats.callEnded(workspaceId, call.from_number, call.to_number)
      return { event_id: accepted.event.id, duplicate: accepted.isDuplicate, call }
    },

    async createEvent({ body, access: { workspaceId } }) {
      const accepted = await database.transaction((client) =>
        acceptEvent(
          client,
          engine,
          {
            workspaceId,
            id: body.event_id,
            type: body.event_type,
            dedupeKey: `own:${body.event_id}`,
            callId: null,
            payload: body.payload,
          },
          null,
          clock.now(),
        ),
      )
      announce(changes, accepted)
      return { event_id: accepted.event.id, duplicate: accepted.isDuplicate }
    },
  } satisfies Partial<Handlers>
}

/** Names an update by what of it was new, so that the final text of an entry is an update again. */
function digest(
  sequences: readonly number[],
  entries: readonly { sequence: number; final: boolean }[],
): string {
  const finals = new Set(entries.filter(({ final }) => final).map(({ sequence }) => sequence))
  const named = sequences.map((sequence) => `${sequence}${finals.has(sequence) ? '' : '~'}`)
  return createHash('sha256').update(named.join(',')).digest('base64url')
}
