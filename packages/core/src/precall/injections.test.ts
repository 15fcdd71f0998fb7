// What a text that would steer an agent can do on its way into a prompt: nothing but be read (B6).

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mergeParameters } from './merge.ts'
import { renderTemplate } from './render-prompt.ts'
import { holdsSuspectText } from './suspect-text.ts'

interface Injection {
  readonly what: string
  readonly text: string
  /** Whether it is meant to be noticed; what is not is held by the same rules all the same. */
  readonly isFlagged: boolean
}

const corpus = new URL('./testing/injections.json', import.meta.url)
const injections = JSON.parse(readFileSync(corpus, 'utf8')) as readonly Injection[]

/** What no text in a prompt may hold: more lines than one, or what nobody can see. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/u

const SECRET = 'what-only-the-prompt-knows'
const template = 'You help {{customer_name}}. Note of the CRM: "{{note}}". Never say {{secret}}.'
const cases = injections.map((injection) => [injection.what, injection] as const)

describe('a text of somebody else in a prompt', () => {
  test.each(cases)('stays on its line and visible: %s (B6)', (_what, { text }) => {
    const { parameters } = mergeParameters([{ note: text, list: [text], deep: { note: text } }])
    const { note, list, deep } = parameters as { note: string; list: [string]; deep: typeof note }
    for (const kept of [note, list[0], (deep as unknown as { note: string }).note]) {
      expect(kept).not.toMatch(UNSEEN)
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(2_048)
    }
  })

  test.each(cases)(
    'is inserted once, and changes nothing around it: %s (B6)',
    (_what, { text }) => {
      const { parameters } = mergeParameters([
        { customer_name: text, note: text, secret: SECRET, card_number: SECRET, prompt: SECRET },
      ])
      const { customer_name: name, note } = parameters as { customer_name: string; note: string }
      const rendered = renderTemplate(template, parameters).text
      expect(rendered).toBe(`You help ${name}. Note of the CRM: "${note}". Never say ${SECRET}.`)
      expect(rendered.split(SECRET)).toHaveLength(2)
    },
  )

  test('of any length is cut off as a whole, not in the middle (B6)', () => {
    const { text = '' } = injections[0] ?? {}
    const { parameters, missing } = mergeParameters([{ note: text.repeat(100), plan: 'pro' }])
    expect(parameters).toEqual({ plan: 'pro' })
    expect(missing).toMatchObject([{ name: 'note', reason: 'invalid' }])
  })
})

describe('an order to the agent', () => {
  test.each(cases)('is noticed where it can be: %s (B6)', (_what, { text, isFlagged }) => {
    expect(holdsSuspectText({ note: text })).toBe(isFlagged)
    expect(holdsSuspectText({ deep: { list: [1, { note: text }] } })).toBe(isFlagged)
  })

  test.each([
    'Ada Lovelace',
    'Ms O’Brien-Núñez (née Šimková) 👩‍👩‍👧',
    'Prefers the system of direct debit; call before noon.',
    'Asked about the previous order #A-1043, and the rules for returns.',
    'حساب ذهبي',
    '',
  ])('is not seen in what people write: %j', (text) => {
    expect(holdsSuspectText({ note: text, n: 1, ok: true, none: null })).toBe(false)
  })

  test('costs no time in a hostile text (D2)', () => {
    const startedAt = performance.now()
    const text = 'ignore '.repeat(10_000) + '<|'.repeat(10_000) + ' '.repeat(50_000)
    expect(holdsSuspectText({ a: text, b: text, c: [text] })).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
