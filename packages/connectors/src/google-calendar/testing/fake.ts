// A calendar of Google's as far as the connector uses it: ids are taken once and for ever, what was
// deleted stays as `cancelled`, and what repeats is told by its occurrences.

import { openTokenDoor, isToken, refreshAuth, refuse } from '../../google/testing/token-door.ts'
import type { TokenDoor } from '../../google/testing/token-door.ts'
import { addDays, instantOf, startOfDay } from '../../booking/zone-time.ts'
import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

type Moment = { readonly dateTime: string } | { readonly date: string }

interface FakeEvent {
  readonly id: string
  readonly etag: string
  readonly status: string
  readonly start: Moment
  readonly end: Moment
  readonly summary?: string
  readonly transparency?: string
  readonly extendedProperties?: { readonly private: Readonly<Record<string, string>> }
  readonly [name: string]: unknown
}

interface Series {
  readonly summary: string
  /** By the clocks of the calendar's zone. */
  readonly firstDay: string
  readonly time: string
  readonly minutes: number
  readonly everyDays: number
  readonly times: number
}

export interface FakeCalendar {
  readonly vendor: FakeVendor
  readonly auth: unknown
  readonly settings: (url: string) => Record<string, unknown>
  readonly door: TokenDoor
  readonly seed: (event: Partial<FakeEvent> & Pick<FakeEvent, 'start' | 'end'>) => FakeEvent
  readonly seedSeries: (series: Series) => void
  /** Those that were not deleted. */
  readonly live: () => readonly FakeEvent[]
  readonly cancelled: () => readonly FakeEvent[]
  /** To whom was written, as the requests asked for it. */
  readonly told: readonly string[]
}

const ZONE = 'Europe/Berlin'

export interface FakeCalendarOptions {
  readonly auth?: unknown
  readonly settings?: Readonly<Record<string, unknown>>
  readonly accessRole?: string
}

export async function openFakeCalendar(options: FakeCalendarOptions = {}): Promise<FakeCalendar> {
  const door = openTokenDoor()
  const events = new Map<string, FakeEvent>()
  const told: string[] = []
  let count = 0

  const save = (event: Omit<FakeEvent, 'etag'> & { readonly id: string }): FakeEvent => {
    count += 1
    const updated = new Date(Date.parse('2026-01-05T09:00:00Z') + count * 1_000).toISOString()
    const saved = {
      ...event,
      etag: `"${count}"`,
      updated,
      htmlLink: `https://calendar.example.com/event?eid=${String(event.id)}`,
    } as unknown as FakeEvent
    events.set(saved.id, saved)
    return saved
  }

  const spanOf = ({ start, end }: FakeEvent): readonly [number, number] => [atMs(start), atMs(end)]
  const between = (from: string | null, to: string | null): readonly FakeEvent[] =>
    [...events.values()].filter((event) => {
      const [start, end] = spanOf(event)
      return (
        event.status !== 'cancelled' &&
        (from === null || end > Date.parse(from)) &&
        (to === null || start < Date.parse(to))
      )
    })

  function handle(request: VendorRequest): VendorAnswer {
    const token = door.answer(request)
    if (token !== null) return token
    if (!door.isOpen(request)) return refuse(401, 'authError')
    if (request.segments[0] === 'freeBusy') return freeBusy(request)
    const [, calendar, , id] = request.segments
    if (calendar !== 'primary') return refuse(404, 'notFound')
    const sendUpdates = request.query.get('sendUpdates')
    if (sendUpdates !== null) told.push(sendUpdates)
    if (id === undefined) return request.method === 'POST' ? insert(request) : list(request)
    const found = events.get(id)
    if (found === undefined) return refuse(404, 'notFound')
    if (request.method === 'GET') return { status: 200, body: found }
    if (found.status === 'cancelled') return refuse(410, 'deleted')
    if (request.method === 'DELETE') {
      save({ ...found, status: 'cancelled' })
      return { status: 204 }
    }
    const tag = request.headers['if-match']
    if (tag !== undefined && tag !== found.etag) return refuse(412, 'conditionNotMet')
    return { status: 200, body: save({ ...found, ...withoutNulls(request.body as FakeEvent) }) }
  }

  function insert({ body }: VendorRequest): VendorAnswer {
    const wanted = body as FakeEvent
    if (events.has(wanted.id)) return refuse(409, 'duplicate')
    return { status: 200, body: save({ ...wanted, created: '2026-01-05T09:00:00Z' }) }
  }

  function list({ query }: VendorRequest): VendorAnswer {
    const [name = '', value] = (query.get('privateExtendedProperty') ?? '').split('=')
    const found = between(query.get('timeMin'), query.get('timeMax')).filter(
      (event) => value === undefined || event.extendedProperties?.private[name] === value,
    )
    const items = found.slice(0, Number(query.get('maxResults') ?? 250))
    const { accessRole = 'owner' } = options
    return { status: 200, body: { summary: 'Reception', timeZone: ZONE, accessRole, items } }
  }

  function freeBusy({ body }: VendorRequest): VendorAnswer {
    const { timeMin, timeMax, items } = body as {
      timeMin: string
      timeMax: string
      items: { id: string }[]
    }
    const calendars = items.map(({ id }) => {
      if (id !== 'primary') return [id, { errors: [{ domain: 'global', reason: 'notFound' }] }]
      const busy = between(timeMin, timeMax)
        .filter(({ transparency }) => transparency !== 'transparent')
        .map((event) => spanOf(event).map((ms) => new Date(ms).toISOString()))
        .map(([start, end]) => ({ start, end }))
      return [id, { busy }]
    })
    return { status: 200, body: { calendars: Object.fromEntries(calendars) as unknown } }
  }

  const seed: FakeCalendar['seed'] = (event) =>
    save({ status: 'confirmed', id: `seeded${events.size}`, ...event } as FakeEvent)

  const description = readDescription('google-calendar', { isOther: isToken })
  return {
    vendor: await openFakeVendor({ handle, description }),
    auth: options.auth ?? refreshAuth,
    settings: (url) => ({
      base_url: url,
      token_url: `${url}/token`,
      time_zone: ZONE,
      ...options.settings,
    }),
    door,
    told,
    seed,
    seedSeries({ summary, firstDay, time, minutes, everyDays, times }) {
      for (let at = 0; at < times; at += 1) {
        const day = addDays(firstDay, at * everyDays)
        const start = instantOf(ZONE, new Date(`${day}T${time}:00Z`)) ?? startOfDay(ZONE, day)
        const end = new Date(start.getTime() + minutes * 60_000)
        seed({
          summary,
          start: { dateTime: start.toISOString() },
          end: { dateTime: end.toISOString() },
        })
      }
    },
    live: () => [...events.values()].filter(({ status }) => status !== 'cancelled'),
    cancelled: () => [...events.values()].filter(({ status }) => status === 'cancelled'),
  }
}

const atMs = (moment: Moment): number =>
  'dateTime' in moment ? Date.parse(moment.dateTime) : startOfDay(ZONE, moment.date).getTime()

function withoutNulls(body: FakeEvent): Partial<FakeEvent> {
  return JSON.parse(
    JSON.stringify(body, (_name, value: unknown) => value ?? undefined),
  ) as FakeEvent
}
