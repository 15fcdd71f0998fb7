import { describe, expect, test } from 'vitest'
import { isToken, serviceAuth } from '../google/testing/token-door.ts'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { googleCalendar } from './index.ts'
import { type FakeCalendarOptions, openFakeCalendar } from './testing/fake.ts'

const openWith = (options: FakeCalendarOptions = {}) =>
  openBench({ connector: googleCalendar, open: () => openFakeCalendar(options) })
type Bench = Awaited<ReturnType<typeof openWith>>

const booking = {
  title: 'Call back Ada',
  start: '2026-03-30T10:00:00+02:00',
  end: '2026-03-30T10:30:00+02:00',
}
const create = (bench: Bench, subjectKey: string, more: object = {}) =>
  bench.run('event.create', { ...booking, ...more }, { subjectKey })

const now = () => new Date('2026-03-27T00:00:00Z')

async function slots(bench: Bench, input: object): Promise<readonly string[]> {
  const outcome = await bench.run('slot.find', input, { now })
  if (outcome.kind === 'failed') throw outcome.error
  return (outcome.output as { start: string }[]).map(({ start }) => start)
}

describe('slots', () => {
  test('leave out what repeats, on both sides of a change of the clocks', async () => {
    await using bench = await openWith()
    bench.setup.seedSeries({
      summary: 'Standup',
      firstDay: '2026-03-02',
      time: '09:00',
      minutes: 30,
      everyDays: 1,
      times: 60,
    })
    expect(await slots(bench, { per_day: 1, limit: 2 })).toEqual([
      '2026-03-27T09:30:00+01:00',
      '2026-03-30T09:30:00+02:00',
    ])
  })

  test('leave out whole days of the calendar’s zone, and not what takes no time', async () => {
    await using bench = await openWith()
    const { seed } = bench.setup
    seed({ start: { date: '2026-03-27' }, end: { date: '2026-03-28' } })
    seed({
      start: { date: '2026-03-30' },
      end: { date: '2026-03-31' },
      transparency: 'transparent',
    })
    expect(await slots(bench, { limit: 1 })).toEqual(['2026-03-30T09:00:00+02:00'])
  })

  test('of a calendar that is not there are none', async () => {
    await using bench = await openWith()
    expect(await bench.run('slot.find', { calendar: 'nobody@example.com' })).toMatchObject({
      verdict: { kind: 'missing', detail: 'not_found' },
    })
  })
})

describe('a booking', () => {
  test('goes to one of two callers who want the same time', async () => {
    await using bench = await openWith()
    const outcomes = await Promise.all(['ada', 'bo'].map((key) => create(bench, key)))
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['failed', 'ok'])
    expect(outcomes.find(({ kind }) => kind === 'failed')).toMatchObject({
      verdict: { kind: 'conflict', detail: 'slot_taken' },
    })
    expect(bench.setup.live()).toHaveLength(1)
  })

  test('never lies over another with a different start (B2)', async () => {
    await using bench = await openWith()
    const quarter = { start: '2026-03-30T10:15:00+02:00', end: '2026-03-30T10:45:00+02:00' }
    await Promise.all([create(bench, 'ada'), create(bench, 'bo', quarter)])
    expect(bench.setup.live().length).toBeLessThanOrEqual(1)
    await create(bench, 'cy', quarter)
    expect(bench.setup.live()).toHaveLength(1)
  })

  test('is refused over an all-day event, and not over what takes no time', async () => {
    await using bench = await openWith()
    const { seed } = bench.setup
    seed({
      start: { date: '2026-03-30' },
      end: { date: '2026-03-31' },
      transparency: 'transparent',
    })
    expect(await create(bench, 'ada')).toMatchObject({ kind: 'ok' })
    seed({ start: { date: '2026-03-31' }, end: { date: '2026-04-01' } })
    const next = { start: '2026-03-31T23:00:00+02:00', end: '2026-03-31T23:30:00+02:00' }
    expect(await create(bench, 'bo', next)).toMatchObject({ verdict: { detail: 'slot_taken' } })
  })

  test('is made again under another id when its first was cancelled', async () => {
    await using bench = await openWith()
    await create(bench, 'ada')
    const [{ id } = { id: '' }] = bench.setup.live()
    expect(await bench.run('event.cancel', { id })).toEqual({
      kind: 'ok',
      output: { id, status: 'cancelled' },
    })
    expect(await bench.run('event.cancel', { id })).toMatchObject({ kind: 'ok' })
    expect(await create(bench, 'ada')).toMatchObject({ output: { title: booking.title } })
    expect(bench.setup.live().map((event) => event.id)).not.toContain(id)
    expect(await bench.run('event.update', { id, title: 'x' })).toMatchObject({
      verdict: { kind: 'missing', detail: 'event_cancelled' },
    })
  })

  test('writes to attendees only when asked to, and shows a caller’s words as text (E3)', async () => {
    await using bench = await openWith()
    const attendees = [{ email: 'ada@example.com', name: 'Ada' }]
    const description = '<a href="https://evil.example">Pay here</a>'
    const outcome = await create(bench, 'ada', { attendees, description, notify: true })
    expect(outcome).toMatchObject({
      output: {
        start: booking.start,
        zone: 'Europe/Berlin',
        attendees,
        description: expect.not.stringContaining('<a'),
      },
    })
    expect(bench.setup.told).toEqual(['all'])
  })
})

describe('a change', () => {
  const early = { start: '2026-03-27T09:00:00+01:00', end: '2026-03-27T10:00:00+01:00' }
  async function openWithTwo(): Promise<Bench> {
    const bench = await openWith()
    const at = (dateTime: string) => ({ dateTime })
    bench.setup.seed({ id: 'mine', summary: 'Mine', start: at(early.start), end: at(early.end) })
    bench.setup.seed({ id: 'other', start: at(booking.start), end: at(booking.end) })
    return bench
  }

  test('moves over its own time, and not over another’s', async () => {
    await using bench = await openWithTwo()
    const half = { start: '2026-03-27T09:30:00+01:00', end: '2026-03-27T10:30:00+01:00' }
    expect(await bench.run('event.update', { id: 'mine', ...half })).toMatchObject({ output: half })
    expect(await bench.run('event.update', { ...booking, id: 'mine' })).toMatchObject({
      verdict: { kind: 'conflict', detail: 'slot_taken' },
    })
    expect(
      await bench.run('event.update', { ...booking, id: 'mine', exclusive: false }),
    ).toMatchObject({ kind: 'ok' })
  })

  test('that came second reads again and loses nothing (E2)', async () => {
    await using bench = await openWithTwo()
    bench.vendor.failNext(status(412), ({ method }) => method === 'PATCH')
    const outcomes = await Promise.all([
      bench.run('event.update', { id: 'mine', title: 'New' }),
      bench.run('event.update', { id: 'mine', location: 'Room 1' }),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['ok', 'ok'])
    const patches = bench.vendor.requests.filter(({ method }) => method === 'PATCH')
    expect(patches.map(({ headers }) => headers['if-match'])).not.toContain(undefined)
    expect(await bench.run('event.get', { id: 'mine' })).toMatchObject({
      output: { title: 'New', location: 'Room 1' },
    })
    expect(await bench.run('event.get', { id: 'nothing' })).toEqual({ kind: 'ok', output: null })
  })
})

describe('what Google refuses', () => {
  const problem = (reason: string) => ({ error: { errors: [{ reason, message: 'Ada' }] } })
  test.each([
    [403, 'rateLimitExceeded', 'limited', 'rate_limit_exceeded'],
    [403, 'quotaExceeded', 'limited', 'quota_exceeded'],
    [429, 'anything', 'limited', 'http_429'],
    [403, 'requiredAccessLevel', 'refused', 'required_access_level'],
    [403, 'a secret of Ada', 'refused', 'http_403'],
    [400, 'invalid', 'refused', 'invalid'],
    [404, 'notFound', 'missing', 'not_found'],
    [500, 'backendError', 'unknown', 'backend_error'],
    [503, 'anything', 'unknown', 'http_503'],
  ])('%i %s is %s', async (code, reason, kind, detail) => {
    await using bench = await openWith()
    bench.vendor.failAll(status(code, {}, problem(reason)), ({ method }) => method === 'DELETE')
    bench.vendor.failAll(
      status(code, {}, problem(reason)),
      ({ method, path }) => method === 'POST' && !isToken({ path }),
    )
    expect(await create(bench, 'ada')).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
  })

  test('is asked for a token once, again when it ended, and a service account signs for it', async () => {
    await using bench = await openWith({ auth: { ...serviceAuth, subject: 'desk@example.com' } })
    const { door } = bench.setup
    await Promise.all(Array.from({ length: 10 }, () => slots(bench, {})))
    expect(door.tokens).toHaveLength(1)
    door.endSessions()
    expect(await create(bench, 'ada')).toMatchObject({ kind: 'ok' })
    expect(door.claims).toHaveLength(2)
    expect(door.claims[0]).toMatchObject({
      iss: serviceAuth.client_email,
      sub: 'desk@example.com',
      aud: expect.stringContaining('/token'),
      scope: expect.stringContaining('calendar.events'),
    })
  })
})

test('the check says what the connection may not do, and whose clocks it goes by', async () => {
  await using bench = await openWith({ accessRole: 'reader', settings: { time_zone: 'UTC' } })
  expect(await bench.check()).toMatchObject({
    output: {
      account: 'Reception',
      warnings: [expect.stringContaining('only be read'), expect.stringContaining('Europe/Berlin')],
    },
  })
})
