import { isToken } from '../google/testing/token-door.ts'
import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { googleCalendar } from './index.ts'
import { type FakeCalendar, openFakeCalendar } from './testing/fake.ts'

const at = (time: string): { readonly dateTime: string } => ({ dateTime: `2026-03-02T${time}:00Z` })

function prepare({ seed }: FakeCalendar): void {
  seed({ id: 'dentist', summary: 'Dentist', start: at('08:00'), end: at('09:00') })
}

const booking = {
  title: 'Call back Ada',
  start: '2026-03-02T10:00:00+01:00',
  end: '2026-03-02T10:30:00+01:00',
}

const shared = {
  prepare,
  writes: ({ method, path }) => method !== 'GET' && path !== '/freeBusy' && !isToken({ path }),
  count: ({ live }) => live().length,
} satisfies Partial<EffectCase<FakeCalendar>>

const create = { ...shared, action: 'event.create', input: () => booking }
const find = { ...shared, action: 'slot.find', input: () => ({}) }

conformance({
  connector: googleCalendar,
  open: openFakeCalendar,
  cases: [
    find,
    create,
    { ...shared, action: 'event.get', input: () => ({ id: 'dentist' }) },
    {
      ...shared,
      action: 'event.update',
      input: () => ({ ...booking, id: 'dentist', attendees: [{ email: 'ada@example.com' }] }),
    },
    {
      ...shared,
      action: 'event.cancel',
      count: ({ cancelled }) => cancelled().length,
      ignoresAnswer: true,
      mayBeEmpty: true,
      input: () => ({ id: 'dentist' }),
    },
  ],
  innerFailures: [
    {
      name: 'a calendar that could not be asked',
      case: find,
      answer: {
        status: 200,
        body: { calendars: { primary: { errors: [{ domain: 'global', reason: 'notFound' }] } } },
      },
    },
  ],
  hostile: (text) => [
    {
      action: 'event.create',
      input: { ...booking, title: text, description: text, location: text },
    },
    {
      action: 'event.create',
      input: { ...booking, attendees: [{ email: 'a@b.example', name: text }] },
    },
    { action: 'event.get', input: { id: text } },
    { action: 'event.cancel', input: { id: 'x', calendar: text } },
    { action: 'slot.find', input: { calendar: text } },
  ],
})
