import { describe, expect, test } from 'vitest'
import type { NeutralOutcome } from '../neutral.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, requestOf } from '../testing/fixture.ts'
import { headerLines } from './header-lines.ts'
import { sip } from './index.ts'

adapterConformance(sip, {
  signsBody: [],
  timed: {},
  unheardOf: { body: '{"call_id":"c1","event":"dreaming"}' },
})

const options = sip.options.parse(loadFixture('sip', 'pre-call.invite').options)
const asked = requestOf('sip', 'pre-call.invite')

function answer(outcome: NeutralOutcome, own = options, parameters = {}) {
  const reading = sip.readPreCall(asked, own)
  if (reading.kind !== 'call') throw new Error(reading.kind)
  return sip.writePreCall({ run_id: 'r1', outcome, parameters }, reading.request, own)
}

describe('header lines', () => {
  const linesOf = (value: string) => headerLines({}, { note: value }, 100_000).text
  const everything = Array.from({ length: 0x500 }, (_, code) => String.fromCodePoint(code)).join('')

  test('hold one line for each value, whatever it holds, and give it back (H1)', () => {
    for (const value of [everything, ' edges ', '100%25', '\uD800', '👋\u2028', '']) {
      const text = linesOf(value)
      expect(text).toMatch(/^X-Bookend-Note: [\x20-\x7E]*\r\n$/)
      const sent = text.slice('X-Bookend-Note: '.length, -2)
      expect(sent).toBe(sent.trim())
      expect(decodeURIComponent(sent)).toBe(value.replace('\uD800', '\uFFFD'))
    }
  })

  test('name no two parameters alike, and none as ours (H2)', () => {
    const given = { a_b: 1, A_B: 2, run_id: 'forged', outcome: 'x', Say: 'x', a__b: 3 }
    const { text, dropped } = headerLines({ 'run-id': 'r1' }, given, 1_000)
    expect(text).toBe('X-Bookend-Run-Id: r1\r\nX-Bookend-A-B: 1\r\nX-Bookend-A--B: 3\r\n')
    expect(dropped).toEqual(['A_B', 'run_id', 'outcome', 'Say'])
  })

  test('are left out whole where the message would grow too large (H3)', () => {
    const { text, dropped } = headerLines({}, { long: 'ë'.repeat(40), short: 'x' }, 128)
    expect(text).toBe('X-Bookend-Short: x\r\n')
    expect(dropped).toEqual(['long'])
  })
})

test('without a gateway nobody is transferred, and without an announcer nothing is said', () => {
  const bare = sip.options.parse({ username: 'kamailio', password: 'a-password-of-its-own' })
  expect(answer({ type: 'transfer', to_number: '+447700900577' }, bare)).toMatchObject({
    body: { action: 'continue' },
    degraded: { wanted: 'transfer', sent: 'continue' },
  })
  const told = { ...bare, outcome_parameters: true }
  expect(answer({ type: 'say', text: 'Closed.' }, told)).toMatchObject({
    body: {
      action: 'continue',
      headers: expect.stringContaining('X-Bookend-Say: Closed.') as unknown,
    },
    degraded: { wanted: 'say', sent: 'parameters' },
  })
})

test.each([
  ['unavailable', 480],
  ['404', 404],
  ['499', 499],
  ['200', 603],
  ['302', 603],
  ['', 603],
  [undefined, 603],
])('a rejection for %s is answered with %i', (reason, status) => {
  expect(answer({ type: 'reject', reason }).body).toMatchObject({ action: 'reject', status })
})

test('a target is a SIP URI and nothing more (A15)', () => {
  const parse = (targets: object) =>
    sip.options.safeParse({ username: 'k', password: 'a-password-of-its-own', targets }).success
  expect(parse({ a: 'sip:a@10.0.0.1:5060;transport=tcp', b: 'sips:b@desk.example' })).toBe(true)
  for (const uri of [
    'http://a',
    'sip:',
    'sip:a@b>\r\nX: 1',
    'sip:a b@c',
    'sip:"a"@b',
    'sip:a\u2028@b',
  ]) {
    expect(parse({ a: uri })).toBe(false)
  }
})

test('a password is one that needs no escape in Kamailio’s configuration', () => {
  const parse = (password: string) =>
    sip.options.safeParse({ username: 'kamailio', password }).success
  expect(parse('0123456789abcdef')).toBe(true)
  for (const bad of [
    'short',
    'with:colon-0123',
    'with@sign-01234',
    'with;semicolon',
    'with space 012',
  ]) {
    expect(parse(bad)).toBe(false)
  }
})

test('set-up gives the line of local.cfg, without the password', () => {
  const base = 'https://bookend.example/platforms/sip/main'
  const urls = { preCall: `${base}/pre-call`, events: `${base}/events` }
  const [ask] = sip.setUp({ ...options, budget_ms: 1_800 }, urls)
  expect(ask?.settings).toEqual({
    BOOKEND: 'bookend=>https://kamailio:PASSWORD@bookend.example/platforms/sip/main;timeout=3',
  })
})

test('what a workflow decides without effect is said', () => {
  const transfer = { type: 'transfer', to_number: '+447700900577', message: 'One moment' } as const
  expect(answer(transfer).warnings).toEqual(['a SIP server speaks no message before a transfer'])
  expect(answer({ type: 'continue' }, options, { long: 'x'.repeat(2_000) })).toMatchObject({
    dropped_parameters: ['long'],
    warnings: [expect.stringContaining('headers_bytes_max') as unknown],
  })
})
