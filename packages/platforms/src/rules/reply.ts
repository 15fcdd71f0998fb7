import type { Json } from '@bookend/contract'
import type { AdapterReply, EventReading, Refused } from '../adapter.ts'

type Notes = Partial<Pick<AdapterReply, 'degraded' | 'dropped_parameters' | 'warnings'>>

const JSON_TYPE = 'application/json; charset=utf-8'

/** @param contentType Without its charset, where it is not plain JSON. */
export const jsonReply = (
  body: Json,
  notes: Notes = {},
  contentType = JSON_TYPE,
): AdapterReply => ({
  status: 200,
  headers: { 'content-type': contentType },
  body,
  degraded: notes.degraded ?? null,
  dropped_parameters: notes.dropped_parameters ?? [],
  warnings: notes.warnings ?? [],
})

export const xmlReply = (xml: string, notes: Notes = {}): AdapterReply =>
  jsonReply(xml, notes, 'text/xml; charset=utf-8')

/** The reply's bytes as text: XML as it is, everything else as JSON. */
export const replyText = ({ body, headers }: AdapterReply): string =>
  typeof body === 'string' && headers['content-type']?.startsWith('text/xml') === true
    ? body
    : JSON.stringify(body)

export const unreadable = (detail = 'the body is not a JSON object'): Refused => ({
  kind: 'refused',
  why: 'unreadable',
  detail,
})

export const wrongKind = (detail: string): Refused => ({
  kind: 'refused',
  why: 'wrong_kind',
  detail,
})

type Events = Extract<EventReading, { kind: 'events' }>

export const emitted = (events: Events['events'], notes: Events['notes'] = []): Events => ({
  kind: 'events',
  events,
  notes,
  ignored: null,
  reply: null,
})

/** Stored and acknowledged, nothing emitted. */
export const ignored = (
  why: string,
  more: Partial<Pick<Events, 'notes' | 'reply'>> = {},
): Events => ({
  kind: 'events',
  events: [],
  notes: more.notes ?? [],
  ignored: why,
  reply: more.reply ?? null,
})
