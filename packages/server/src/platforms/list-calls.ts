// How a platform is asked which calls there were lately: the newest first, one page. Only their ids are
// read, from wherever the answer has them: each call's record is asked for by its own request.

import type { VoicePlatformId } from '@bookend/contract'
import type { OutgoingRequest, RawAnswer } from '@bookend/platforms'

const PAGE = 100

interface Listing {
  /** @param record The request for one record: it holds address and key. */
  request(record: OutgoingRequest, since: Date): OutgoingRequest
  /** Names under which an entry may have its id. */
  readonly ids: readonly string[]
}

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1_000))
const day = (at: Date): string => at.toISOString().slice(0, 10)

/** The address of all records, from that of one. */
function collectionOf({ url }: OutgoingRequest, query: Readonly<Record<string, string>>): string {
  const all = new URL(url)
  const suffix = all.pathname.endsWith('.json') ? '.json' : ''
  all.pathname = all.pathname.replace(/\/[^/]+$/, '') + suffix
  all.search = new URLSearchParams(query).toString()
  return all.href
}

const get =
  (query: (since: Date) => Readonly<Record<string, string>>): Listing['request'] =>
  (record, since) => ({ ...record, url: collectionOf(record, query(since)) })

const listings: Partial<Record<VoicePlatformId, Listing>> = {
  'simple-ai': {
    request: get(() => ({ page: '1', page_size: String(PAGE) })),
    ids: ['simple_uuid', 'uuid'],
  },
  retell: {
    request: ({ url, headers }, since) => ({
      method: 'POST',
      url: new URL('/v3/list-calls', url).href,
      headers: { ...headers, 'content-type': 'application/json' },
      body: {
        filter_criteria: {
          start_timestamp: { type: 'number', op: 'ge', value: since.getTime() },
        },
        limit: PAGE,
        sort_order: 'descending',
      },
    }),
    ids: ['call_id'],
  },
  vapi: {
    request: get((since) => ({ limit: String(PAGE), createdAtGe: since.toISOString() })),
    ids: ['id'],
  },
  elevenlabs: {
    request: get((since) => ({
      page_size: String(PAGE),
      call_start_after_unix: seconds(since),
    })),
    ids: ['conversation_id'],
  },
  twilio: {
    request: get((since) => ({ PageSize: String(PAGE), 'StartTime>': day(since) })),
    ids: ['sid'],
  },
  bland: {
    request: get((since) => ({ limit: String(PAGE), start_date: day(since) })),
    ids: ['call_id', 'c_id'],
  },
}

/** Null: the platform cannot be asked. */
export const listRequest = (
  platform: VoicePlatformId,
  record: OutgoingRequest,
  since: Date,
): OutgoingRequest | null => listings[platform]?.request(record, since) ?? null

/** Null: it refused the key, or answered something else. */
export function readCallIds(
  platform: VoicePlatformId,
  { status, body }: RawAnswer,
): readonly string[] | null {
  const listing = listings[platform]
  if (listing === undefined || status < 200 || status > 299) return null
  const entries = entriesOf(parse(body))
  if (entries === null) return null
  const ids = entries.map((entry) => idIn(entry, listing.ids)).filter((id) => id !== null)
  return [...new Set(ids)].slice(0, PAGE)
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return null
  }
}

/** The answer itself, or the first list in it. */
function entriesOf(root: unknown): readonly unknown[] | null {
  if (Array.isArray(root)) return root
  if (typeof root !== 'object' || root === null) return null
  return Object.values(root).find((value): value is unknown[] => Array.isArray(value)) ?? null
}

function idIn(entry: unknown, names: readonly string[]): string | null {
  if (typeof entry !== 'object' || entry === null) return null
  const fields = entry as Record<string, unknown>
  // A dialled leg does not speak for the call.
  if (typeof fields['parent_call_sid'] === 'string') return null
  const id = names.map((name) => fields[name]).find((value) => typeof value === 'string')
  return typeof id === 'string' && id !== '' && id.length <= 256 ? id : null
}
