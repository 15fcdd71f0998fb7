import { expect, test } from 'vitest'
import { openBench, type EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { status } from '../testing/fault.ts'
import { caldav } from './index.ts'
import { type FakeDav, openFakeDav } from './testing/fake.ts'

const booking = {
  title: 'Call back Ada',
  start: '2026-03-02T10:00:00+01:00',
  end: '2026-03-02T10:30:00+01:00',
}

const shared = {
  prepare: ({ seed }) =>
    seed('dentist', ['SUMMARY:Dentist', 'DTSTART:20260302T080000Z', 'DTEND:20260302T090000Z']),
  writes: ({ method }) => method === 'PUT' || method === 'DELETE',
  count: ({ files }) => files.size,
} satisfies Partial<EffectCase<FakeDav>>

const find = { ...shared, action: 'slot.find', input: () => ({}) }

conformance({
  connector: caldav,
  open: openFakeDav,
  cases: [
    find,
    {
      ...shared,
      action: 'event.create',
      ignoresAnswer: true,
      mayBeEmpty: true,
      input: () => booking,
    },
    { ...shared, action: 'event.get', input: () => ({ id: 'dentist' }) },
    {
      ...shared,
      action: 'event.update',
      ignoresAnswer: true,
      mayBeEmpty: true,
      input: () => ({ ...booking, id: 'dentist', attendees: [{ email: 'ada@example.com' }] }),
    },
    {
      ...shared,
      action: 'event.cancel',
      ignoresAnswer: true,
      mayBeEmpty: true,
      count: ({ removed }) => removed(),
      input: () => ({ id: 'dentist' }),
    },
  ],
  hostile: (text) => [
    { action: 'event.create', input: { ...booking, title: text, description: text } },
    {
      action: 'event.create',
      input: { ...booking, attendees: [{ email: 'a@b.example', name: text }] },
    },
    { action: 'event.get', input: { id: text } },
    { action: 'event.cancel', input: { id: 'x', calendar: text } },
    { action: 'slot.find', input: { calendar: text } },
  ],
})

const openWith = () => openBench({ connector: caldav, open: openFakeDav })

test('occurrences that a server tells are taken as they are, and nothing more is asked', async () => {
  await using bench = await openWith()
  const at = (day: string) => [
    `RECURRENCE-ID:202603${day}T080000Z`,
    `DTSTART:202603${day}T080000Z`,
    'DURATION:PT30M',
  ]
  bench.setup.seed('standup', at('27'), at('28'), at('29'), at('30'))
  const now = () => new Date('2026-03-27T00:00:00Z')
  expect(await bench.run('slot.find', { per_day: 1, limit: 2 }, { now })).toMatchObject({
    output: [
      { start: '2026-03-27T09:30:00+01:00', weekday: 'fri' },
      // 08:00 in UTC is an hour later here from the 29th on.
      { start: '2026-03-30T09:00:00+02:00', weekday: 'mon' },
    ],
  })
  expect(bench.vendor.requests).toHaveLength(1)
})

test('the check says that the calendar may only be read', async () => {
  await using bench = await openWith()
  expect(await bench.check()).toMatchObject({
    output: { account: 'Reception', warnings: [expect.stringContaining('only be read')] },
  })
})

test.each([
  [423, 'retry'],
  [403, 'refused'],
  [507, 'refused'],
  [409, 'refused'],
  [502, 'unknown'],
])('a %i to a booking is %s', async (code, kind) => {
  await using bench = await openWith()
  bench.vendor.failAll(status(code), ({ method }) => method === 'PUT')
  expect(await bench.run('event.create', booking)).toMatchObject({ verdict: { kind } })
})

test.each([
  ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><multistatus/>'],
  ['no XML', '{"multistatus": []}'],
  ['a calendar of another kind', '<a/>'],
])('%s is no answer', async (_name, text) => {
  await using bench = await openWith()
  const answer = { status: 207, type: 'application/xml', text }
  bench.vendor.failAll({ kind: 'answer', isDone: false, answer })
  expect(await bench.run('slot.find', {})).toMatchObject({
    verdict: { kind: 'retry', detail: 'not_a_multistatus' },
  })
})
