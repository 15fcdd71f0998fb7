import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EvaluationError, ExpressionError } from './expression-error.ts'
import { compileExpression } from './expression.ts'
import type { Vocabulary } from './scope.ts'
import { ANY } from './value-type.ts'

const vocabulary: Vocabulary = {
  variables: { event: ANY, text: ANY },
  steps: { one: ANY },
  calendars: null,
}

function run(text: string, variables: Record<string, unknown> = {}): unknown {
  const frame = {
    variables: { event: {}, text: '', ...variables },
    steps: {},
    now: () => new Date(0),
  }
  return compileExpression(text, vocabulary).evaluate(frame)
}

/** The work ends by its own limits, long before a caller would notice. */
function within(limitMs: number, work: () => unknown): unknown {
  const startedAt = performance.now()
  try {
    return work()
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ExpressionError) return error.message
    throw error
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(10 * limitMs)
  }
}

describe('what would be code elsewhere is nothing here (D1)', () => {
  test.each([
    'event.constructor',
    'event.__proto__',
    'event["constructor"]["constructor"]',
    'event.toString',
    'text.length',
    'text.constructor',
    'event.hasOwnProperty',
    '[].constructor',
    'event.list.push',
  ])('%s', (text) => {
    expect(() => run(text, { event: { list: [] }, text: 'x' })).toThrow(
      /there is no field|has no field|of this form|null/,
    )
  })

  test.each([
    'constructor',
    'globalThis',
    'process.env',
    'steps.constructor',
    'steps.__proto__',
    'steps["__proto__"].status',
    'event.constructor("return 1")()',
    'toString()',
    'event.list.constructor("x")',
    'require("fs")',
    'cel.bind(a, 1, a)',
    'google.protobuf.Duration',
    'dyn(1)',
    'type(1)',
    'b"bytes"',
    '5u',
    '{"__proto__": 1}',
    'event.?x',
  ])('%s is refused when it is saved', (text) => {
    expect(() => compileExpression(text, vocabulary)).toThrow(ExpressionError)
  })

  test('a map that data brought keeps a key called __proto__ as a key', () => {
    const event: unknown = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')
    expect(run('event.a', { event })).toBe(1)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('patterns (D2)', () => {
  test.each([
    ['(?=a)', 'perl syntax'],
    ['(?<=a)b', 'pattern'],
    ['(a)\\\\1', 'escape'],
    ['((a{100}){100}){100}', 'repeat'],
    ['(a', 'missing closing'],
    [`${'x{500}'.repeat(80)}`, 'repeats too much'],
    ['a'.repeat(513), 'at most 512'],
    ['\\\\pL'.repeat(40), 'fewer than 16 classes'],
  ])('the pattern %j is refused when it is saved', (pattern, part) => {
    expect(() => compileExpression(`text.matches("${pattern}")`, vocabulary)).toThrow(
      new RegExp(part, 'i'),
    )
  })

  test('a pattern that repeats too much is refused before it is compiled', () => {
    const pattern = 'x{500}'.repeat(80)
    expect(within(100, () => run(`text.matches("${pattern}")`))).toMatch(/repeats too much/)
  })

  test.each(['(a+)+$', '(a|aa)+$', '(.*)*x', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    '%s takes no longer for a text made to slow it',
    (pattern) => {
      const text = `${'a'.repeat(10_000)}!`
      const found = within(500, () => run(`text.matches("${pattern}")`, { text }))
      expect(found).toEqual(expect.anything())
    },
  )
})

describe('what grows (D3)', () => {
  const list = Array.from({ length: 1_000 }, (_, index) => index)
  test.each([
    ['three loops in one another', 'event.all(a, event.all(b, event.all(c, a + b + c >= 0)))'],
    ['lists of lists', 'event.map(a, event.map(b, event.map(c, c)))'],
    ['a text that doubles', '["x"]' + '.map(s, s + s)'.repeat(30)],
    ['a list that doubles', '[event]' + '.map(s, s + s)'.repeat(20)],
    ['a large value, many times', 'event.map(a, event)'],
    ['splitting and joining', 'event.map(a, text.split("").join(","))'],
    ['an error in every turn', 'event.exists(a, event.exists(b, event.exists(c, c / 0 == 1)))'],
  ])('%s ends by itself', (_, text) => {
    const variables = { event: list, text: 'x'.repeat(2_000) }
    expect(within(300, () => run(text, variables))).toMatch(/too many steps|longer|larger/)
  })

  test.each([
    ['four loops deep', 'event.all(a, event.all(b, event.all(c, event.all(d, true))))', /3 deep/],
    ['a thousand brackets', '('.repeat(1_000) + '1' + ')'.repeat(1_000), /too large/],
    ['a thousand nots', `${'!'.repeat(1_000)}true`, /too large/],
    ['a thousand numbers', `[${'1,'.repeat(1_000)}1]`, /too large/],
    ['a chain of fields', `event${'.a'.repeat(200)}`, /too large/],
    ['a megabyte', ' '.repeat(1_000_000), /at most 4096/],
  ])('%s are refused when they are saved', (_, text, message) => {
    expect(within(200, () => run(text))).toMatch(message)
  })

  test('a text stays shorter than 64 Ki characters, however it is made', () => {
    const text = 'x'.repeat(2_000)
    const message = /longer than 65536/
    expect(within(300, () => run(`[text]${'.map(s, s + s)'.repeat(6)}`, { text }))).toMatch(message)
    const parts = { text, event: ['x'.repeat(20_000), ...Array.from({ length: 50 }, () => text)] }
    expect(within(300, () => run('event.join(text)', parts))).toMatch(message)
  })

  test('data nested too deep to be compared or yielded is a fault, not a crash', () => {
    const nest = (): unknown => {
      let deep: unknown = 1
      for (let level = 0; level < 20_000; level += 1) deep = [deep]
      return deep
    }
    const [deep, other] = [nest(), nest()]
    expect(within(300, () => run('event == text', { event: deep, text: other }))).toMatch(
      /too deep to compare/,
    )
    expect(within(300, () => run('[event]', { event: deep }))).toMatch(/nested deeper/)
  })
})

test('whatever the text, it compiles or says why', () => {
  const words = `event text steps.one .a [0] ( ) [ ] { } "a" 1 2.5 + - == && || ! ? : , in size(
    .map(x, has( .matches("a") null`
  const piece = fc.constantFrom(...words.split(/\s+/), ' ')
  const isKnown = (error: unknown): boolean =>
    error instanceof ExpressionError || error instanceof EvaluationError
  const holds = (pieces: readonly string[]): boolean => {
    try {
      run(pieces.join(''))
      return true
    } catch (error) {
      return isKnown(error)
    }
  }
  const property = fc.property(fc.array(piece, { maxLength: 14 }), holds)
  expect(fc.check(property, { numRuns: 2_000 }).counterexample).toBeNull()
})
