import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CallNote } from '../adapter.ts'
import type { NeutralCall, NeutralEvent, TranscriptEntry } from '../neutral.ts'
import { neutralEventTypes } from '../neutral.ts'
import { platforms } from '../platforms.ts'
import { callNote, neutralEvent, type EventFacts } from '../rules/event.ts'
import { loadFixtures, rawRequest } from '../testing/fixture.ts'
import {
  assembleEvent,
  assembleFetched,
  assembleNote,
  callIdOf,
  emptyCall,
  needsFetching,
  recordOf,
  type CallState,
} from './assemble.ts'

type Heard = { readonly event: NeutralEvent } | { readonly note: CallNote }

const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 15, 4, second)).toISOString()

const event = (facts: Partial<EventFacts> & Pick<EventFacts, 'type' | 'key'>, second = 0) =>
  neutralEvent('retell', { received_at: at(second) }, { callId: 'c1', ...facts })

const turn = (role: TranscriptEntry['role'], text: string): TranscriptEntry => ({
  role,
  text,
  timestamp: null,
  offset_ms: null,
})

function assembleAll(all: readonly Heard[]) {
  const firsts: string[] = []
  let state: CallState = emptyCall('retell')
  for (const one of all) {
    const result = 'event' in one ? assembleEvent(state, one.event) : assembleNote(state, one.note)
    state = result.state
    if (result.kind === 'first' && 'event' in one) firsts.push(one.event.event_type)
  }
  return { state, record: recordOf(state), firsts }
}

const statuses = ['in_progress', 'completed', 'no_answer', 'busy', 'failed', 'rejected'] as const
const anyCall: fc.Arbitrary<NeutralCall> = fc.record(
  {
    from_number: fc.constantFrom('+15550123', '+15550124', null),
    status: fc.constantFrom(...statuses),
    ended_reason: fc.constantFrom('a', 'b', null),
    agent: fc.record({
      id: fc.constantFrom('x', null),
      name: fc.constantFrom('y', null),
      version: fc.constant(null),
    }),
    params: fc.dictionary(fc.constantFrom('p', 'q'), fc.integer()),
    transcripts: fc.array(fc.constantFrom(turn('agent', 'Hi'), turn('user', 'Hello'))),
    analysis_results: fc.array(
      fc.record({ name: fc.constantFrom('m', 'n'), result: fc.boolean() }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
)

const anyEvent: fc.Arbitrary<NeutralEvent> = fc
  .record({
    type: fc.constantFrom(...neutralEventTypes),
    second: fc.integer({ min: 0, max: 59 }),
    occurs: fc.boolean(),
    call: anyCall,
    final: fc.boolean(),
    amends: fc.boolean(),
    mode: fc.constantFrom('append', 'replace', 'fetch'),
    entries: fc.array(fc.constantFrom(turn('agent', 'One'), turn('user', 'Two')), { maxLength: 2 }),
    runId: fc.constantFrom('r1', null),
  })
  .map(({ type, second, occurs, call, final, amends, mode, entries, runId }) =>
    event(
      {
        type,
        key: JSON.stringify([type, second, occurs, call, final, amends, mode, entries]),
        call,
        runId,
        occurredAt: occurs ? at(second) : null,
        transcript: { mode, final, amends_previous: amends, entries },
      },
      second,
    ),
  )

const anyStory = fc
  .uniqueArray(anyEvent, { selector: ({ dedupe_key: key }) => key, maxLength: 8 })
  .chain((events) =>
    fc.record({
      told: fc.constant(events),
      retold: fc
        .array(fc.constantFrom(...(events.length > 0 ? events : [null])), { maxLength: 3 })
        .map((again) => [...events, ...again.filter((one) => one !== null)])
        .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
    }),
  )

describe('a call', () => {
  test('is the same whatever the order in which it is heard of, and however often (M1)', () => {
    fc.assert(
      fc.property(anyStory, ({ told, retold }) => {
        const straight = assembleAll(told.map((one) => ({ event: one })))
        const shuffled = assembleAll(retold.map((one) => ({ event: one })))
        expect(shuffled.state).toEqual(straight.state)
        expect(shuffled.record).toEqual(straight.record)
        expect(shuffled.firsts.toSorted()).toEqual(straight.firsts.toSorted())
      }),
      { numRuns: 300 },
    )
  })

  test('never goes back from an end, and of each event type has one first (M3, M5)', () => {
    fc.assert(
      fc.property(anyStory, ({ retold }) => {
        let state: CallState = emptyCall('retell')
        let ended = false
        for (const one of retold) {
          state = assembleEvent(state, one).state
          const { status } = recordOf(state)
          const isEnd = status !== undefined && status !== 'in_progress'
          expect(isEnd || !ended).toBe(true)
          ended = isEnd
        }
        const { firsts } = assembleAll(retold.map((one) => ({ event: one })))
        expect(new Set(firsts).size).toBe(firsts.length)
      }),
    )
  })

  test('never loses a final transcript to a partial or an empty one (M4)', () => {
    const final = event({
      type: 'call.completed',
      key: 'end',
      call: { transcripts: [turn('agent', 'Hi'), turn('user', 'Bye')] },
    })
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 6 }), fc.nat(6), (others, where) => {
        const rest = others.filter(
          ({ event_type: type, payload }) =>
            type === 'call.transcript_update' && payload.transcript?.final === false,
        )
        const partial = rest.map((one) => ({
          event: { ...one, payload: { ...one.payload, call: {} } },
        }))
        const all = [...partial.slice(0, where), { event: final }, ...partial.slice(where)]
        expect(assembleAll(all).record.transcripts).toEqual(final.payload.call?.transcripts)
      }),
    )
  })
})

describe('a whole transcript', () => {
  const entries = [turn('agent', 'Hi')]
  const told = event({
    type: 'call.transcript_update',
    key: 'told',
    transcript: { mode: 'replace', final: true, entries },
  })

  test('is not lost to an end that has none (M4)', () => {
    const end = event({ type: 'call.completed', key: 'end', call: { transcripts: [] } })
    expect(assembleAll([{ event: told }, { event: end }]).record.transcripts).toEqual(entries)
  })

  test('is not lost to a part of it from somebody who knows more of other things (M4)', () => {
    const part = { transcripts: [turn('agent', 'H')] }
    const start = event({ type: 'call.started', key: 'start', call: part })
    expect(assembleAll([{ event: told }, { event: start }]).record.transcripts).toEqual(entries)
  })
})

describe('what nobody else knows', () => {
  const started = event({
    type: 'call.started',
    key: 's',
    call: {
      from_number: '+15550123',
      started_at: at(0),
      agent: { id: 'a1', name: null, version: '3' },
      params: { name: 'Mira' },
    },
  })
  const ended = event({
    type: 'call.completed',
    key: 'e',
    call: {
      from_number: null,
      status: 'completed',
      agent: { id: null, name: 'Front desk', version: null },
      params: { tier: 'silver' },
    },
  })

  test('is filled in, and null undoes nothing (M2)', () => {
    expect(assembleAll([{ event: started }, { event: ended }]).record).toEqual({
      from_number: '+15550123',
      started_at: at(0),
      status: 'completed',
      agent: { id: 'a1', name: 'Front desk', version: '3' },
      params: { name: 'Mira', tier: 'silver' },
    })
  })

  test('comes from a note as well, which ends nothing by itself', () => {
    const note = callNote(
      { received_at: at(5) },
      { callId: 'c1', key: 'n', call: { status: 'failed', ended_reason: 'lost' }, ends: true },
    )
    const { record, state } = assembleAll([{ event: started }, { note }])
    expect(record).toMatchObject({ ended_reason: 'lost' })
    expect(record.status).toBeUndefined()
    expect(state.endingAt).toBe(at(5))
  })

  test('is fetched once a thin event has come, and what was fetched knows best', () => {
    const thin = event({ type: 'call.completed', key: 't', needsHydration: true })
    const { state } = assembleAll([{ event: started }, { event: thin }])
    expect(needsFetching(state)).toBe(true)
    const fetched = { call: { status: 'no_answer', summary: 'Nobody.' } as const, runId: 'r1' }
    const filled = assembleFetched(state, { ...fetched, at: at(9) })
    expect(needsFetching(filled)).toBe(false)
    expect(recordOf(filled)).toMatchObject({ ...fetched.call, from_number: '+15550123' })
    expect(filled.runId?.value).toBe('r1')
  })

  test('is not kept under an alias when there is the call’s own id', () => {
    const byName = event({ type: 'call.completed', key: 'x', callId: 'a-room' })
    const byId = event({ type: 'call.started', key: 'y', callId: 'z-sid', aliases: ['a-room'] })
    expect(callIdOf(assembleAll([{ event: byName }, { event: byId }]).state)).toBe('z-sid')
  })
})

describe('a transcript that comes in turns', () => {
  const said = (key: string, second: number, more: object) =>
    event({ type: 'call.transcript_update', key, ...more, occurredAt: at(second) }, second)
  const append = (text: string, role: 'agent' | 'user', final = true, amends = false) => ({
    transcript: { mode: 'append', final, amends_previous: amends, entries: [turn(role, text)] },
  })

  test('holds what was heard of an interrupted sentence, and a partial one only until it is whole', () => {
    const all = [
      said('1', 1, append('One two three', 'agent')),
      said('2', 2, append('Wh', 'user', false)),
      said('3', 3, append('One two', 'agent', true, true)),
      said('4', 4, append('What?', 'user')),
      said('5', 5, append('Th', 'agent', false)),
    ]
    const texts = assembleAll(all.toReversed().map((one) => ({ event: one }))).record.transcripts
    expect(texts?.map(({ text }) => text)).toEqual(['One two', 'What?', 'Th'])
  })

  test('keeps one of hundreds of partial ones', () => {
    const all = Array.from({ length: 300 }, (_, index) => ({
      event: said(String(index), index % 60, append(`word ${String(index)}`, 'user', false)),
    }))
    const { state, record } = assembleAll(all)
    expect(JSON.stringify(state).length).toBeLessThan(1_000)
    expect(record.transcripts).toHaveLength(1)
  })
})

test.each(Object.values(platforms))('the samples of $label make records of calls', (adapter) => {
  const states = new Map<string, CallState>()
  for (const { request, options } of loadFixtures(adapter.platform)) {
    if (request?.door !== 'events') continue
    const reading = adapter.readEvents(rawRequest(request), adapter.options.parse(options))
    if (reading.kind !== 'events') continue
    for (const one of reading.events) {
      const before = states.get(one.payload.call_id) ?? emptyCall(adapter.platform)
      states.set(one.payload.call_id, assembleEvent(before, one).state)
    }
  }
  const records = [...states.values()].map((state) => recordOf(state))
  expect(records.length).toBeGreaterThan(0)
  expect(records.some(({ status }) => status !== 'in_progress')).toBe(true)
})
