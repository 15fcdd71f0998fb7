import { describe, expect, test } from 'vitest'
import type { PlatformAdapter } from '../adapter.ts'
import type { NeutralPreCallRequest } from '../neutral.ts'
import type { Fields } from '../read/fields.ts'
import {
  loadFixtures,
  rawRequest,
  type Expectation,
  type Fixture,
  type FixtureReply,
  type FixtureRequest,
} from './fixture.ts'
import { findDifference } from './subset.ts'

export function describeSamples(adapter: PlatformAdapter): void {
  const fixtures = loadFixtures(adapter.platform)
  test('has fixtures', () => {
    expect(fixtures.length).toBeGreaterThan(2)
  })
  for (const fixture of fixtures) {
    if (fixture.request !== undefined) describeRequest(adapter, fixture, fixture.request)
    if (fixture.steps !== undefined) describeSequence(adapter, fixture)
  }
}

function describeRequest(adapter: PlatformAdapter, fixture: Fixture, sent: FixtureRequest): void {
  describe(`${fixture.name}: ${fixture.title}`, () => {
    const raw = rawRequest(sent)
    const open = (more: Fields = {}) => adapter.options.parse({ ...fixture.options, ...more })
    const cases = fixture.variants ?? [{ options: {}, expect: fixture.expect ?? {} }]
    test.each(cases)('is answered as expected with $options', ({ options, expect: wanted }) => {
      check(adapter, raw, open(options), wanted)
    })
    for (const reply of fixture.replies ?? []) {
      test(`answers: ${reply.name}`, () => {
        const options = open(reply.options)
        const headers = { ...raw.headers, ...reply.request_headers }
        const reading = adapter.readPreCall({ ...raw, headers }, options)
        if (reading.kind !== 'call') throw new Error(`was read as ${reading.kind}`)
        checkReply(adapter, reading.request, options, reply)
      })
    }
  })
}

function check(
  adapter: PlatformAdapter,
  raw: Parameters<PlatformAdapter['verify']>[0],
  options: unknown,
  wanted: Expectation,
): void {
  const verification = adapter.verify(raw, options)
  expect(verification).toMatchObject({ ok: wanted.verification !== 'reject' })
  if (wanted.request !== undefined) {
    const reading = adapter.readPreCall(raw, options)
    if (reading.kind !== 'call') throw new Error(`was read as ${reading.kind}`)
    expect(findDifference(reading.request, wanted.request)).toBeNull()
  }
  if (wanted.events !== undefined) {
    const reading = adapter.readEvents(raw, options)
    if (reading.kind !== 'events') throw new Error(`was ${reading.kind}: ${reading.detail}`)
    expect(findDifference(reading.events, wanted.events)).toBeNull()
    expect(reading.ignored === null).toBe(reading.events.length > 0)
    if (wanted.reply !== undefined) expect(reading.reply).toMatchObject(wanted.reply)
  }
}

function checkReply(
  adapter: PlatformAdapter,
  request: NeutralPreCallRequest,
  options: unknown,
  wanted: FixtureReply,
): void {
  const reply = adapter.writePreCall(wanted.result, request, options)
  expect({ status: reply.status, headers: reply.headers, body: reply.body }).toEqual(wanted.reply)
  expect(reply.degraded).toEqual(wanted.degraded)
}

function describeSequence(adapter: PlatformAdapter, fixture: Fixture): void {
  test(`${fixture.name}: ${fixture.title}`, () => {
    const options = adapter.options.parse(fixture.options)
    const keys = new Map<number, readonly string[]>()
    for (const [index, step] of (fixture.steps ?? []).entries()) {
      if (step.request === undefined) continue
      const raw = rawRequest(step.request)
      expect(adapter.verify(raw, options)).toEqual({ ok: true })
      const found = keysOf(adapter, raw, options)
      keys.set(index, found)
      const { duplicate_of_step: twin, same_answer_as_step: same } = step.expect
      for (const earlier of [twin, same]) {
        if (typeof earlier === 'number') expect(found).toEqual(keys.get(earlier))
      }
    }
  })
}

/** What makes a request the same as another: its memo key, or its events' dedupe keys. */
function keysOf(
  adapter: PlatformAdapter,
  raw: Parameters<PlatformAdapter['verify']>[0],
  options: unknown,
): readonly string[] {
  if (raw.door === 'pre-call') {
    const reading = adapter.readPreCall(raw, options)
    if (reading.kind !== 'call') throw new Error(`was read as ${reading.kind}`)
    return [reading.request.memo_key ?? 'none']
  }
  const reading = adapter.readEvents(raw, options)
  if (reading.kind !== 'events') throw new Error(`was ${reading.kind}: ${reading.detail}`)
  return [...reading.events, ...reading.notes].map(({ dedupe_key }) => dedupe_key)
}
