import { describe, expect, test } from 'vitest'
import { problemsOf } from './testing/parse.ts'

/** The file is read, or refused, before anybody would notice. */
function within(limitMs: number, text: string): readonly string[] {
  const startedAt = performance.now()
  const problems = problemsOf(text)
  expect(performance.now() - startedAt).toBeLessThan(limitMs)
  return problems
}

const many = (count: number, line: (index: number) => string, by = '\n'): string =>
  Array.from({ length: count }, (_, index) => line(index)).join(by)

describe('a file that is made to do harm (D3)', () => {
  test.each<[string, string, RegExp]>([
    ['a megabyte', `a: ${'x'.repeat(1_000_000)}`, /larger than 256 KiB/],
    ['brackets in brackets', '['.repeat(200_000), /nested too deep/],
    ['closed brackets in brackets', '['.repeat(5_000) + ']'.repeat(5_000), /nested too deep/],
    ['maps in maps', '{a: '.repeat(50_000), /nested too deep/],
    ['indents in indents', many(500, (index) => `${' '.repeat(index)}a:`), /nested too deep/],
    ['dashes', '- '.repeat(100_000), /nested too deep/],
    ['question marks', '? '.repeat(100_000), /not supported/],
    ['twenty thousand keys', many(20_000, (index) => `k${index}: 1`), /too much/],
    ['a hundred thousand items', `a: [${'1,'.repeat(100_000)}]`, /too much/],
    [
      'two hundred steps',
      `workflow: intake\non: pre-call\nsteps:\n${many(200, (index) => `  s${index}: { value: 1 }`)}`,
      /at most 100/,
    ],
  ])('%s', (_, text, message) => {
    expect(within(1_000, text).join('\n')).toMatch(message)
  })

  test('a billion laughs (E11)', () => {
    const text = `a: &a [x, x]\n${many(9, (index) => `${'bcdefghij'[index]}: &${'bcdefghij'[index]} [*${'abcdefghi'[index]}, *${'abcdefghi'[index]}]`)}`
    expect(within(1_000, text).join('\n')).toMatch(/anchors and aliases/)
  })
})

test('names of any length are told shortly, and compared with nothing', () => {
  const name = 'n'.repeat(50_000)
  const [problem = ''] = within(1_000, `workflow: intake\non: pre-call\n${name}: 1\nrespond: {}`)
  expect(problem.length).toBeLessThan(1_000)
})

describe('what YAML can do and a workflow cannot', () => {
  test.each([
    [
      'a tag',
      'workflow: !!js/function "x"',
      'f:1:25 workflow: tags (!) are not supported (put a text that begins with "!" in quotes)',
    ],
    [
      'a tag of its own',
      'steps: !include other.yaml',
      'f:1:17 steps: tags (!) are not supported (put a text that begins with "!" in quotes)',
    ],
    [
      'a forgotten quote',
      'steps:\n  a: { if: !x, value: 1 }',
      'f:2:14 steps.a.if: tags (!) are not supported (put a text that begins with "!" in quotes)',
    ],
    [
      'an alias',
      'workflow: &x intake',
      'f:1:14 workflow: anchors and aliases (& and *) are not supported (write it out)',
    ],
    [
      'a merge',
      '<<: { a: 1 }',
      'f:1:1 <<: there is no field "<<" (there are workflow, on, budget, connections, parameters, steps, respond, after)',
    ],
    ['a prototype', '__proto__: { on: pre-call }', 'f:1:1 __proto__: "__proto__" cannot be a key'],
    [
      'a constructor',
      'steps: { constructor: {} }',
      'f:1:10 steps.constructor: the step does nothing (give it "use" or "value")',
    ],
    [
      'a second document',
      'workflow: a\n---\non: b',
      'f:2:1 this is not YAML: source contains multiple documents; please use YAML.parseAllDocuments() (a file holds one workflow)',
    ],
    [
      'a tab',
      'steps:\n\ta: 1',
      'f:2:1 this is not YAML: tabs are not allowed as indentation (indent with spaces)',
    ],
    [
      'an open quote',
      'on: "pre-call',
      'f:1:14 this is not YAML: missing closing "quote (a text that begins with "!" or a quote needs quotes around all of it)',
    ],
    [
      'a colon',
      'if: call.x == "a": b',
      'f:1:5 this is not YAML: nested mappings are not allowed in compact mappings (put a text that holds ": " in quotes)',
    ],
    ['infinity', 'budget: .inf', 'f:1:9 budget: this is no text, number, true, false or null'],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toContain(expected)
  })

  test('names of every object are only names', () => {
    const text = `
workflow: intake
on: pre-call
connections: { toString: echo/main }
parameters: { valueOf: { type: string, default: a } }
steps:
  constructor: { use: toString.value.get, with: { hasOwnProperty: 1 } }
respond: { parameters: { valueOf: "\${{ steps.constructor.toString }}" } }
`
    expect(problemsOf(text)).toEqual([])
    expect(problemsOf(text.replace('toString.value.get', 'valueOf.value.get'))).toEqual([
      'f:7:23 steps.constructor.use: there is no connection "valueOf" in this file (there is toString)',
    ])
  })
})
