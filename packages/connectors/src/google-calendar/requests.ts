// The requests of events, and what of their answers is a choice and no failure.

import { ConnectorFault } from '@bookend/core'
import type { EventUpdateInput } from '../booking/input.ts'
import { spanOf } from '../booking/book.ts'
import { overlaps, type Interval } from '../booking/slots.ts'
import { nullIfMissing } from '../finding.ts'
import type { Patch } from './patch-event.ts'
import { type GoogleEvent, parseEvent, parseEvents, readEvent, takesTime } from './read-event.ts'
import { type Context, events, exchange } from './rest.ts'

const READ_MS = 5_000
const LIST_MAX = 250

export async function getEvent(ctx: Context, calendar: string, id: string): Promise<GoogleEvent> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: events(calendar, id),
    timeoutMs: READ_MS,
  })
  return parseEvent(body, 'read')
}

export async function list(
  ctx: Context,
  calendar: string,
  query: Readonly<Record<string, string | number | boolean>>,
): Promise<readonly GoogleEvent[]> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: events(calendar),
    query,
    timeoutMs: READ_MS,
    maxBodyBytes: 1_048_576,
  })
  return parseEvents(body)
}

/** What takes time; of what repeats each occurrence is one of its own. */
export async function listTaken(
  ctx: Context,
  calendar: string,
  span: Interval,
): Promise<readonly GoogleEvent[]> {
  const found = await list(ctx, calendar, {
    timeMin: span.start.toISOString(),
    timeMax: span.end.toISOString(),
    singleEvents: true,
    maxResults: LIST_MAX,
  })
  return found.filter((one) => takesTime(one) && overlaps(spanOf(readEvent(ctx, one)), span))
}

export async function removeEvent(
  ctx: Context,
  calendar: string,
  { id, notify }: { readonly id: string; readonly notify: boolean },
): Promise<void> {
  await nullIfMissing(() =>
    exchange(ctx, {
      effect: 'write',
      method: 'DELETE',
      path: events(calendar, id),
      query: tell({ notify }),
      answer: 'ignored',
    }),
  )
}

export async function sendPatch(
  ctx: Context,
  calendar: string,
  { id, notify }: EventUpdateInput,
  { etag }: GoogleEvent,
  patch: Patch,
): Promise<GoogleEvent> {
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'PATCH',
    path: events(calendar, id),
    query: tell({ notify }),
    ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
    body: { json: patch },
  })
  return parseEvent(body, 'write')
}

export const tell = ({ notify }: { readonly notify: boolean }) => ({
  sendUpdates: notify ? 'all' : 'none',
})

/** Null where there is one already, or somebody else was quicker. */
export async function unlessConflict<T>(write: () => Promise<T>): Promise<T | null> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof ConnectorFault && error.verdict.kind === 'conflict') return null
    throw error
  }
}
