// Events read, newest first.
//
//   one call, one type ─▶ by its index
//   everything         ─▶ the newest of each type, and of those the newest
//
// E1. No index is kept for reading alone, as every event would pay for it: there are few types, and
//     the newest of each are found by the index that journeys need.

import { EVENT_ID, type EventRecord } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { cutPage, parseCursor } from './page.ts'

export interface EventListing {
  readonly type?: string | undefined
  readonly callId?: string | undefined
  readonly since?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

interface EventRow {
  readonly id: string
  readonly cursor_at: string
  readonly type: string
  readonly call_id: string | null
  readonly created_at: Date
}

const COLUMNS = 'e.id, e.created_at::text as cursor_at, e.type, e.call_id, e.created_at'

/** Each type that there is, by one step of the index for each. */
const TYPES = `with recursive types (type) as (
    (select type from events where workspace_id = $1 order by type limit 1)
    union all
    select (
      select e.type from events e
      where e.workspace_id = $1 and e.type > t.type order by e.type limit 1
    ) from types t where t.type is not null
  )`

/** @throws {ProblemError} 422 for a cursor that is none. */
export async function listEvents(
  client: Queryable,
  workspaceId: string,
  listing: EventListing,
): Promise<{ events: EventRecord[]; next_cursor: string | null }> {
  const { limit, type, callId } = listing
  const { conditions, values } = conditionsOf(workspaceId, listing)
  const rest = `where ${conditions.join(' and ')} order by e.created_at desc, e.id desc limit ${limit + 1}`
  const isNarrow = type !== undefined || callId !== undefined
  const { rows } = await client.query<EventRow>(
    isNarrow
      ? `select ${COLUMNS} from events e ${rest}`
      : `${TYPES}
         select newest.* from types t
         cross join lateral (
           select ${COLUMNS} from events e ${rest.replace('where', 'where e.type = t.type and')}
         ) newest
         where t.type is not null
         order by newest.created_at desc, newest.id desc limit ${limit + 1}`,
    values,
  )
  const { page, next } = cutPage(rows, limit)
  return { events: page.map(renderEvent), next_cursor: next }
}

export async function findEvent(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<EventRecord | null> {
  const { rows } = await client.query<EventRow & { readonly payload: unknown }>(
    `select ${COLUMNS}, e.payload from events e where e.workspace_id = $1 and e.id = $2`,
    [workspaceId, id],
  )
  const [row] = rows
  return row === undefined ? null : { ...renderEvent(row), payload: row.payload }
}

function conditionsOf(
  workspaceId: string,
  { type, callId, since, cursor }: EventListing,
): { conditions: readonly string[]; values: string[] } {
  const after = parseCursor(cursor, EVENT_ID)
  const values: string[] = []
  const place = (value: string): string => `$${values.push(value)}`
  const conditions = [`e.workspace_id = ${place(workspaceId)}`]
  if (type !== undefined) conditions.push(`e.type = ${place(type)}`)
  if (callId !== undefined) conditions.push(`e.call_id = ${place(callId)}`)
  if (since !== undefined) conditions.push(`e.created_at >= ${place(since)}`)
  if (after !== null) {
    conditions.push(`(e.created_at, e.id) < (${place(after.at)}::timestamptz, ${place(after.id)})`)
  }
  return { conditions, values }
}

const renderEvent = (row: EventRow): EventRecord => ({
  event_id: row.id,
  event_type: row.type,
  created_at: row.created_at.toISOString(),
  call_id: row.call_id,
})
