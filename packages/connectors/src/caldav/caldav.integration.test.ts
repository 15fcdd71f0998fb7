import { ConnectorFault, type FaultVerdict } from '@bookend/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CalendarEvent, Slot } from '../records.ts'
import { testContext } from '../testing/context.ts'
import { startFaultProxy } from '../testing/fault-proxy.ts'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { openOutgoing, type TestOutgoing } from '../testing/outgoing.ts'
import type { Program } from '../testing/start-program.ts'
import { caldav } from './index.ts'
import { CaldavSettings } from './schema.ts'
import {
  auth,
  command,
  filesOf,
  home,
  makeCalendar,
  putFile,
  startRadicale,
} from './testing/radicale.ts'

const BERLIN = 'Europe/Berlin'
const { actions } = caldav

const booking = {
  title: 'Call back Ada',
  start: '2026-03-30T10:00:00+02:00',
  end: '2026-03-30T10:30:00+02:00',
}

const BERLIN_RULES = `BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
END:VTIMEZONE`.split('\n')

const inBerlin = (name: string, ...lines: readonly string[]): readonly string[] => [
  ...BERLIN_RULES,
  ...vevent(name, ...lines),
]
const vevent = (name: string, ...lines: readonly string[]): readonly string[] => [
  'BEGIN:VEVENT',
  `UID:${name}`,
  'DTSTAMP:20260101T000000Z',
  ...lines,
  'END:VEVENT',
]

describe.skipIf(command === null)('a calendar', () => {
  let program: Program
  let http: TestOutgoing
  let url: string
  let calendars = 0

  beforeAll(async () => {
    http = await openOutgoing()
    program = await startRadicale(command ?? '')
  }, 60_000)
  beforeEach(async () => {
    calendars += 1
    url = `http://127.0.0.1:${program.port}${home}calendar${calendars}/`
    await makeCalendar(url)
  })
  afterAll(async () => {
    await http.close()
    await program[Symbol.asyncDispose]()
  })

  interface Own {
    readonly settings?: object
    readonly now?: string
    readonly subjectKey?: string
    readonly password?: string
  }
  const context = ({ settings, now, subjectKey = 'bk_ada', password }: Own = {}) =>
    testContext({
      settings: CaldavSettings.parse({ url, time_zone: BERLIN, ...settings }),
      auth: { ...auth, password: password ?? auth.password },
      client: undefined,
      http,
      subjectKey,
      now: () => new Date(now ?? '2026-03-27T00:00:00Z'),
    })
  const create = (subjectKey: string, more: object = {}, own: Own = {}): Promise<CalendarEvent> => {
    const action = actions['event.create']
    const input = action.input.parse({ ...booking, ...more })
    return action.run(context({ subjectKey, ...own }), input)
  }
  const change = (input: object): Promise<CalendarEvent> =>
    actions['event.update'].run(context(), actions['event.update'].input.parse(input))
  const get = (id: string) =>
    actions['event.get'].run(context(), actions['event.get'].input.parse({ id }))
  const cancel = (id: string) =>
    actions['event.cancel'].run(context(), actions['event.cancel'].input.parse({ id }))
  async function slots(input: object, own: Own = {}): Promise<readonly string[]> {
    const found: readonly Slot[] = await actions['slot.find'].run(
      context(own),
      actions['slot.find'].input.parse(input),
    )
    return found.map((slot) => slot.start)
  }
  const put = (name: string, lines: readonly string[]) => putFile(`${url}${name}.ics`, lines)
  const verdictOf = async (running: Promise<unknown>): Promise<FaultVerdict | { kind: 'ok' }> => {
    try {
      await running
      return { kind: 'ok' }
    } catch (error) {
      if (!(error instanceof ConnectorFault)) throw error
      return error.verdict
    }
  }
  const files = (): Promise<readonly string[]> => filesOf(url)

  test('says whose it is, and what is none', async () => {
    expect(await caldav.check?.(context())).toMatchObject({ warnings: [] })
    expect(
      await verdictOf(
        Promise.resolve(caldav.check?.(context({ settings: { url: new URL(home, url).href } }))),
      ),
    ).toEqual({ kind: 'refused', detail: 'not_a_calendar' })
    const wrong = context({ password: 'wrong' })
    expect(await verdictOf(Promise.resolve(caldav.check?.(wrong)))).toMatchObject({ kind: 'auth' })
  })

  describe('has free times', () => {
    test('beside what repeats by the clocks, also when they change', async () => {
      await put(
        'standup',
        inBerlin(
          'standup',
          `DTSTART;TZID=${BERLIN}:20260302T090000`,
          `DTEND;TZID=${BERLIN}:20260302T093000`,
          'RRULE:FREQ=DAILY',
          `EXDATE;TZID=${BERLIN}:20260331T090000`,
        ),
      )
      expect(await slots({ per_day: 1 })).toEqual([
        '2026-03-27T09:30:00+01:00',
        '2026-03-30T09:30:00+02:00',
        '2026-03-31T09:00:00+02:00',
      ])
    })

    test('where an occurrence was moved, and in its place', async () => {
      const times = (day: string, from: string, to: string): readonly string[] => [
        `DTSTART;TZID=${BERLIN}:${day}T${from}`,
        `DTEND;TZID=${BERLIN}:${day}T${to}`,
      ]
      await put('weekly', [
        ...BERLIN_RULES,
        ...vevent('weekly', ...times('20260323', '090000', '100000'), 'RRULE:FREQ=WEEKLY;COUNT=4'),
        ...vevent(
          'weekly',
          `RECURRENCE-ID;TZID=${BERLIN}:20260330T090000`,
          ...times('20260330', '110000', '120000'),
        ),
      ])
      const hours = { mon: ['09:00-12:00'] }
      expect(await slots({ hours, duration_minutes: 60, limit: 4 })).toEqual([
        '2026-03-30T09:00:00+02:00',
        '2026-03-30T10:00:00+02:00',
        '2026-04-06T10:00:00+02:00',
        '2026-04-06T11:00:00+02:00',
      ])
    })

    test('beside whole days, by the zone of the connection', async () => {
      await put(
        'holiday',
        vevent('holiday', 'DTSTART;VALUE=DATE:20260327', 'DTEND;VALUE=DATE:20260328'),
      )
      expect(await slots({ limit: 1 })).toEqual(['2026-03-30T09:00:00+02:00'])
      const settings = { time_zone: 'America/Los_Angeles' }
      const hours = { thu: ['16:00-18:00'], fri: ['09:00-24:00'], sat: ['00:00-01:00'] }
      expect(await slots({ hours, per_day: 1 }, { settings, now: '2026-03-26T12:00:00Z' })).toEqual(
        ['2026-03-26T16:00:00-07:00', '2026-03-28T00:00:00-07:00', '2026-04-02T16:00:00-07:00'],
      )
    })

    test('beside whole days that repeat', async () => {
      await put(
        'mondays',
        vevent(
          'mondays',
          'DTSTART;VALUE=DATE:20260302',
          'DTEND;VALUE=DATE:20260303',
          'RRULE:FREQ=WEEKLY',
        ),
      )
      const settings = { time_zone: 'America/Los_Angeles' }
      const hours = { sun: ['16:00-18:00'], mon: ['09:00-18:00'], tue: ['00:00-01:00'] }
      expect(await slots({ hours, per_day: 1 }, { settings, now: '2026-03-28T12:00:00Z' })).toEqual(
        ['2026-03-29T16:00:00-07:00', '2026-03-31T00:00:00-07:00', '2026-04-05T16:00:00-07:00'],
      )
    })

    test('in spite of what takes no time, or was cancelled', async () => {
      const span = ['DTSTART:20260327T080000Z', 'DURATION:PT8H']
      await put('free', vevent('free', ...span, 'TRANSP:TRANSPARENT'))
      await put('gone', vevent('gone', ...span, 'STATUS:CANCELLED'))
      await put('floating', vevent('floating', 'DTSTART:20260327T090000', 'DTEND:20260327T093000'))
      expect(await slots({ limit: 1 })).toEqual(['2026-03-27T09:30:00+01:00'])
    })
  })

  describe('is booked', () => {
    test('and another’s client sees it (K2)', async () => {
      const made = await create('ada', { description: 'Bring the papers', location: 'Room 1' })
      expect(made).toMatchObject({ ...booking, status: 'confirmed', zone: BERLIN, all_day: false })
      const [file = '', ...others] = await files()
      expect(others).toEqual([])
      expect(file).toContain('DTSTART:20260330T080000Z')
      expect(file).toContain('SUMMARY:Call back Ada')
      expect(await get(made.id)).toMatchObject({ ...booking, location: 'Room 1' })
      expect(await get('nothing')).toBeNull()
    })

    test('by one of two callers who want the same time, and once by each', async () => {
      const both = ['ada', 'bo', 'ada', 'bo', 'cy'].map((key) => verdictOf(create(key)))
      const ends = await Promise.all(both)
      const kinds = ends.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind !== 'ok' && kind !== 'conflict')).toEqual([])
      expect(kinds).toContain('ok')
      expect(await files()).toHaveLength(1)
    })

    test('never over another with a different start', async () => {
      const quarter = { start: '2026-03-30T10:15:00+02:00', end: '2026-03-30T10:45:00+02:00' }
      await Promise.all([verdictOf(create('ada')), verdictOf(create('bo', quarter))])
      expect((await files()).length).toBeLessThanOrEqual(1)
      await verdictOf(create('cy', quarter))
      expect(await files()).toHaveLength(1)
    })

    test('not over what repeats, nor over a whole day', async () => {
      await put(
        'standup',
        inBerlin(
          'standup',
          `DTSTART;TZID=${BERLIN}:20260302T100000`,
          'DURATION:PT1H',
          'RRULE:FREQ=DAILY',
        ),
      )
      await put('day', vevent('day', 'DTSTART;VALUE=DATE:20260401'))
      const taken = { kind: 'conflict', detail: 'slot_taken' }
      expect(await verdictOf(create('ada'))).toEqual(taken)
      const night = { start: '2026-04-01T00:15:00+02:00', end: '2026-04-01T00:30:00+02:00' }
      expect(await verdictOf(create('ada', night))).toEqual(taken)
      const before = { start: '2026-03-31T23:00:00+02:00', end: '2026-04-01T00:00:00+02:00' }
      expect(await verdictOf(create('ada', before))).toEqual({ kind: 'ok' })
    })

    test('again when it was given up, and found by its key where it was moved', async () => {
      const first = await create('ada')
      expect(await cancel(first.id)).toEqual({ id: first.id, status: 'cancelled' })
      expect(await cancel(first.id)).toMatchObject({ status: 'cancelled' })
      const second = await create('bo')
      const noon = { start: '2026-03-30T12:00:00+02:00', end: '2026-03-30T12:30:00+02:00' }
      expect(await change({ id: second.id, ...noon })).toMatchObject(noon)
      expect(await create('bo')).toMatchObject(noon)
      expect(await create('cy')).toMatchObject(booking)
      expect(await files()).toHaveLength(2)
    })

    test('with people who are invited, or only noted', async () => {
      const attendees = [{ email: 'ada@example.com', name: 'Lovelace; Ada' }]
      expect(await verdictOf(create('ada', { attendees }))).toEqual({
        kind: 'refused',
        detail: 'attendees_need_an_organizer',
      })
      const settings = { organizer: 'desk@example.com' }
      expect(await create('ada', { attendees }, { settings })).toMatchObject({ attendees })
      expect((await files())[0]?.replaceAll(/\r?\n /g, '')).toMatch(/ATTENDEE.*SCHEDULE-AGENT=NONE/)
    })

    test('with any words, which stay words (K10)', async () => {
      for (const [at, text] of Object.values(hostileTexts).entries()) {
        const start = new Date(Date.parse('2026-04-01T06:00:00Z') + at * 3_600_000)
        const end = new Date(start.getTime() + 1_800_000)
        const span = { start: start.toISOString(), end: end.toISOString() }
        const words = text.slice(0, 8_000)
        const input = { ...span, title: words.slice(0, 255), description: words }
        const { id } = await create(`k${at}`, input)
        const clean = words.replaceAll('\r\n', '\n').replaceAll('\0', '')
        const read = (await get(id))?.description?.replaceAll('\r\n', '\n')
        expect(read).toBe(clean)
      }
      expect((await files()).join('\n')).not.toMatch(/^(BCC|Bcc)/m)
    })
  })

  describe('is changed', () => {
    const alarm = [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'DESCRIPTION:soon',
      'TRIGGER:-PT15M',
      'END:VALARM',
    ]
    const mine = inBerlin(
      'mine',
      `DTSTART;TZID=${BERLIN}:20260330T090000`,
      `DTEND;TZID=${BERLIN}:20260330T100000`,
      'SUMMARY:Mine',
      'X-OTHER;X-P="a;b":kept',
      'SEQUENCE:4',
      ...alarm,
    )

    test('and keeps what others wrote (F2)', async () => {
      await put('mine', mine)
      const half = { start: '2026-03-30T09:30:00+02:00', end: '2026-03-30T10:30:00+02:00' }
      expect(await change({ id: 'mine', title: 'Ours', ...half })).toMatchObject({
        title: 'Ours',
        ...half,
      })
      const [text = ''] = await files()
      for (const kept of ['X-OTHER', 'BEGIN:VALARM', 'DESCRIPTION:soon', 'SEQUENCE:5']) {
        expect(text).toContain(kept)
      }
      expect(text.match(/DTSTART/g)?.length).toBe(
        1 + (text.match(/BEGIN:(DAYLIGHT|STANDARD)/g)?.length ?? 0),
      )
    })

    test('by two at once, and both changes are in it (E2)', async () => {
      await put('mine', mine)
      await Promise.all([
        change({ id: 'mine', title: 'Ours' }),
        change({ id: 'mine', location: 'Room 1' }),
      ])
      expect(await get('mine')).toMatchObject({ title: 'Ours', location: 'Room 1' })
    })

    test('not where it repeats, is not there, or the time is another’s', async () => {
      await put('mine', mine)
      await put(
        'weekly',
        vevent('weekly', 'DTSTART:20260401T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY'),
      )
      expect(await verdictOf(change({ ...booking, id: 'weekly' }))).toEqual({
        kind: 'refused',
        detail: 'event_repeats',
      })
      expect(await verdictOf(change({ id: 'nothing', title: 'x' }))).toMatchObject({
        kind: 'missing',
      })
      const over = { start: '2026-04-08T10:30:00+02:00', end: '2026-04-08T11:30:00+02:00' }
      expect(await verdictOf(change({ id: 'mine', ...over }))).toEqual({
        kind: 'conflict',
        detail: 'slot_taken',
      })
    })
  })

  test('whose answer is lost has it once (K4)', async () => {
    await using proxy = await startFaultProxy(program.port)
    const settings = { url: url.replace(String(program.port), String(proxy.port)) }
    proxy.loseAnswerTo('PUT ')
    const reached = proxy.passed('PUT ')
    const writing = verdictOf(create('ada', {}, { settings }))
    await reached
    await vi.waitFor(async () => expect(await files()).toHaveLength(1))
    proxy.reset()
    expect(await writing).toMatchObject({ kind: 'unknown' })
    proxy.heal()
    await vi.waitFor(() => create('ada', {}, { settings }))
    expect(await files()).toHaveLength(1)
  })
})
