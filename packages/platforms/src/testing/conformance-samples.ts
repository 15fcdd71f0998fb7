import { expect, test } from 'vitest'
import type { PlatformAdapter, RawRequest } from '../adapter.ts'
import type { Fields } from '../read/fields.ts'
import { loadFixtures, rawRequest, type Expectation, type Fixture } from './fixture.ts'
import { findDifference } from './subset.ts'

export function describeSamples(adapter: PlatformAdapter): void {
  const fixtures = loadFixtures(adapter.platform)
  test('has fixtures', () => {
    expect(fixtures.length).toBeGreaterThan(2)
  })

  const cases = fixtures.flatMap((fixture) => {
    const { request, variants = [{ options: {}, expect: fixture.expect ?? {} }] } = fixture
    if (request === undefined) return []
    return variants.map((variant) => ({ ...fixture, ...variant, raw: rawRequest(request) }))
  })
  test.each(cases)('$name: $title', ({ name, options, expect: wanted, raw }) => {
    const own = fixtures.find((fixture) => fixture.name === name)?.options ?? {}
    expect(faultsOf(adapter, raw, openOptions(adapter, own, options), wanted)).toEqual([])
  })

  const replies = cases.flatMap((sample) =>
    (sample.replies ?? []).map((reply) => ({ ...reply, sample, of: sample.name })),
  )
  test.runIf(replies.length > 0).each(replies)('answers $of: $name', (wanted) => {
    const { sample } = wanted
    const own = fixtures.find(({ name }) => name === sample.name)?.options ?? {}
    const options = openOptions(adapter, own, wanted.options)
    const headers = { ...sample.raw.headers, ...wanted.request_headers }
    const reading = adapter.readPreCall({ ...sample.raw, headers }, options)
    if (reading.kind !== 'call') throw new Error(`was read as ${reading.kind}`)
    const reply = adapter.writePreCall(wanted.result, reading.request, options)
    expect({ status: reply.status, headers: reply.headers, body: reply.body }).toEqual(wanted.reply)
    expect(reply.degraded).toEqual(wanted.degraded)
  })

  const sequences = fixtures.filter(({ steps }) => steps !== undefined)
  test.runIf(sequences.length > 0).each(sequences)('$name: $title', (fixture) => {
    expect(sequenceFaultsOf(adapter, fixture)).toEqual([])
  })
}

const openOptions = (adapter: PlatformAdapter, own: Fields, more: Fields = {}): unknown =>
  adapter.options.parse({ ...own, ...more })

function faultsOf(
  adapter: PlatformAdapter,
  raw: RawRequest,
  options: unknown,
  wanted: Expectation,
): readonly string[] {
  const faults: (string | null)[] = []
  const verification = adapter.verify(raw, options)
  if (verification.ok !== (wanted.verification !== 'reject')) {
    faults.push(`verification: ${JSON.stringify(verification)}`)
  }
  if (wanted.request !== undefined) {
    const reading = adapter.readPreCall(raw, options)
    faults.push(findDifference(reading, { kind: 'call', request: wanted.request }))
  }
  if (wanted.events !== undefined) {
    const reading = adapter.readEvents(raw, options)
    const ignored = wanted.events.length === 0 ? '<why>' : null
    faults.push(findDifference(reading, { kind: 'events', events: wanted.events, ignored }))
    if (wanted.reply !== undefined) faults.push(findDifference(reading, { reply: wanted.reply }))
  }
  return faults.filter((fault) => fault !== null)
}

function sequenceFaultsOf(adapter: PlatformAdapter, fixture: Fixture): readonly string[] {
  const options = adapter.options.parse(fixture.options)
  const faults: string[] = []
  const keys = new Map<number, string>()
  for (const [index, step] of (fixture.steps ?? []).entries()) {
    if (step.request === undefined) continue
    const raw = rawRequest(step.request)
    if (!adapter.verify(raw, options).ok) faults.push(`step ${index} is not verified`)
    keys.set(index, keysOf(adapter, raw, options))
    const { duplicate_of_step: twin, same_answer_as_step: same } = step.expect
    for (const earlier of [twin, same]) {
      if (typeof earlier === 'number' && keys.get(earlier) !== keys.get(index)) {
        faults.push(`step ${index} is not recognised as step ${earlier}`)
      }
    }
  }
  return faults
}

/** What makes a request the same as another: its memo key, or its events' dedupe keys. */
function keysOf(adapter: PlatformAdapter, raw: RawRequest, options: unknown): string {
  if (raw.door === 'pre-call') {
    const reading = adapter.readPreCall(raw, options)
    return reading.kind === 'call' ? String(reading.request.memo_key) : reading.kind
  }
  const reading = adapter.readEvents(raw, options)
  if (reading.kind !== 'events') return reading.kind
  return [...reading.events, ...reading.notes].map(({ dedupe_key }) => dedupe_key).join(' ')
}
