import { describe, expect, test } from 'vitest'
import type { Json } from '@bookend/contract'
import type { PlatformAdapter, RawRequest } from '../adapter.ts'
import type { NeutralOutcome, NeutralPreCallRequest } from '../neutral.ts'
import { replyText } from '../rules/reply.ts'
import type { Traits } from './conformance.ts'
import { loadFixtures, rawRequest, type Fixture } from './fixture.ts'
import { mutationsOf } from './mutate.ts'

const OUTCOMES: readonly NeutralOutcome[] = [
  { type: 'continue' },
  { type: 'route', agent_id: '"><&\u0000' },
  { type: 'transfer', to_number: 'sip:nobody@example' },
  { type: 'transfer', to_number: '+15550123', message: '</Say>' },
  { type: 'reject' },
  { type: 'say', text: '' },
]

const PARAMETERS: Record<string, Json> = {
  name: 'Zoë 👋 </Parameter>',
  'not a name': 1,
  bookend_outcome: 'route',
  __proto__text: 'kept',
  nothing: null,
  list: [1, { two: '三' }],
}

export function describeHostility(adapter: PlatformAdapter, traits: Traits): void {
  describe('whatever a body holds', () => {
    const samples = loadFixtures(adapter.platform).filter(({ request }) => request !== undefined)
    const [first] = samples
    if (first === undefined) return
    const options = adapter.options.parse(first.options)
    const requestOf = (fixture: Fixture) =>
      rawRequest(fixture.request as NonNullable<Fixture['request']>)
    const base = requestOf(first)

    test.each([
      ['nothing', ''],
      ['null', 'null'],
      ['a list', '[]'],
      ['text', '"text"'],
      ['an empty object', '{}'],
      ['half an object', '{"call":'],
      ['no UTF-8', Buffer.from([0xff, 0xfe, 0x7b, 0x22, 0xc3, 0x28])],
      ['a hundred thousand brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
      ['a form', 'CallSid=CA1&From=%2B447700900142&__proto__=1&%00=%00'],
    ])('%s is a verdict', (_name, body) => {
      for (const door of ['pre-call', 'events'] as const) {
        const fault = findFault(adapter, { ...base, door, body: Buffer.from(body) }, options)
        expect(fault).toBeNull()
      }
    })

    test('a body with anything missing or of another type is a verdict', () => {
      const faults: string[] = []
      for (const fixture of samples) {
        const request = requestOf(fixture)
        const own = adapter.options.parse(fixture.options)
        for (const body of bodiesLike(request)) {
          const fault = findFault(adapter, { ...request, body: Buffer.from(body) }, own)
          if (fault !== null) faults.push(fault)
        }
      }
      expect(faults).toEqual([])
    })

    test('an event that nobody has heard of is acknowledged, and nothing is emitted', () => {
      const type = traits.unheardOf.contentType ?? 'application/json'
      const headers = { 'content-type': type }
      const body = Buffer.from(traits.unheardOf.body)
      const reading = adapter.readEvents({ ...base, door: 'events', headers, body }, options)
      const ignored = expect.any(String) as unknown
      expect(reading).toMatchObject({ kind: 'events', events: [], ignored })
    })

    test('five megabytes of it are read, or ignored', () => {
      for (const fixture of samples.filter(({ kind }) => kind === 'event').slice(0, 2)) {
        const request = requestOf(fixture)
        const padding = '\\u00e9A'.repeat(Math.ceil(5_000_000 / 7))
        const text = request.body.toString()
        const padded = text.startsWith('{')
          ? text.replace('{', `{"padding":"${padding}",`)
          : `${text}&padding=${padding}`
        const own = adapter.options.parse(fixture.options)
        const reading = adapter.readEvents({ ...request, body: Buffer.from(padded) }, own)
        expect(reading).toEqual(adapter.readEvents(request, own))
      }
    })

    test('`__proto__` is never a key of what is read', () => {
      for (const fixture of samples) {
        const request = requestOf(fixture)
        const text = request.body
          .toString()
          .replaceAll(/\{(?=")/g, '{"__proto__":{"polluted":true},')
        const own = adapter.options.parse(fixture.options)
        expect(findFault(adapter, { ...request, body: Buffer.from(text) }, own)).toBeNull()
      }
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    })
  })
}

function bodiesLike(request: RawRequest): Iterable<string> {
  const text = request.body.toString()
  if (!text.startsWith('{')) return formsLike(text)
  return jsonLike(JSON.parse(text) as Json)
}

function* jsonLike(root: Json): Generator<string> {
  for (const body of mutationsOf(root)) yield JSON.stringify(body)
}

function* formsLike(text: string): Generator<string> {
  const names = [...new URLSearchParams(text).keys()]
  for (const name of names) {
    for (const value of [null, '', ' ', 'unheard-of', '{{template}}', '9'.repeat(400), '\u0000']) {
      const form = new URLSearchParams(text)
      if (value === null) form.delete(name)
      else form.set(name, value)
      yield form.toString()
    }
  }
}

/**
 * Reads and, if there is a call, answers it in every way: nothing throws, and all of it can be stored.
 * A fault is what was read; null is none.
 */
function findFault(adapter: PlatformAdapter, request: RawRequest, options: unknown): string | null {
  adapter.verify(request, options)
  const reading =
    request.door === 'pre-call'
      ? adapter.readPreCall(request, options)
      : adapter.readEvents(request, options)
  const text = JSON.stringify(reading)
  if (text.includes('"__proto__"') || text.includes('\\u0000')) return text
  if (reading.kind === 'call') return answerFault(adapter, reading.request, options)
  if (reading.kind !== 'events') return null
  const isSound = reading.events.every(
    ({ payload, dedupe_key, occurred_at }) =>
      payload.call_id !== '' &&
      dedupe_key !== '' &&
      !Number.isNaN(Date.parse(occurred_at ?? '2026')),
  )
  return isSound ? null : text
}

function answerFault(
  adapter: PlatformAdapter,
  request: NeutralPreCallRequest,
  options: unknown,
): string | null {
  for (const outcome of OUTCOMES) {
    const result = { run_id: 'run', outcome, parameters: PARAMETERS, greeting: '<Hi>' }
    const reply = adapter.writePreCall(result, request, options)
    const isDropped = ['not a name', 'bookend_outcome'].every((name) =>
      reply.dropped_parameters.includes(name),
    )
    if (reply.status !== 200 || replyText(reply) === '' || !isDropped) return JSON.stringify(reply)
  }
  return null
}
