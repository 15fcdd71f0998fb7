import { describe, expect, test } from 'vitest'
import { ExpressionError } from './expression-error.ts'
import type { Vocabulary } from './scope.ts'
import { compileTemplate } from './template.ts'
import { ANY, listOf, mapOf, NUMBER, STRING } from './value-type.ts'

const vocabulary: Vocabulary = {
  variables: { call: mapOf({ from: STRING, seconds: NUMBER, tags: listOf(STRING) }), event: ANY },
  steps: {},
  calendars: null,
}

const evaluate = (text: string, event: unknown = {}): unknown =>
  compileTemplate(text, vocabulary).evaluate({
    variables: { call: { from: '+15550100001', seconds: 5, tags: ['a'] }, event },
    steps: {},
    now: () => new Date(0),
  })

function faultOf(text: string): ExpressionError {
  try {
    compileTemplate(text, vocabulary)
  } catch (error) {
    if (error instanceof ExpressionError) return error
    throw error
  }
  throw new Error(`${text} compiles`)
}

describe('a template', () => {
  test.each<[string, unknown]>([
    ['Call ${{ call.from }} back', 'Call +15550100001 back'],
    ['${{ call.seconds }}', 5],
    ['  ${{ call.tags }}  ', ['a']],
    ['${{ call.seconds }}s', '5s'],
    ['${{ call.seconds }}/${{ call.seconds + 1 }}', '5/6'],
    ['no expression', 'no expression'],
    ['', ''],
    ['${{ {"a": {"b": 1}} }}', { a: { b: 1 } }],
    ['${{ "}}" }}', '}}'],
    ["${{ '\\'}}' }}", "'}}"],
    ['${{ null }}!', '!'],
    ['a $ {{ }} b', 'a $ {{ }} b'],
  ])('%j', (text, expected) => {
    expect(evaluate(text)).toEqual(expected)
  })

  test('what it yields is data, also when it looks like a template (B6, D4)', () => {
    const note = '${{ call.from }} {{ agent }}'
    expect(evaluate('Note: ${{ event.note }}', { note })).toBe(`Note: ${note}`)
    expect(evaluate('${{ event.note }}', { note })).toBe(note)
    expect(evaluate('${{ event.note + "!" }}', { note })).toBe(`${note}!`)
  })

  test.each([
    ['Hello ${{ call.form }}', 'call.form', 'did you mean "from"?'],
    ['Hello ${{ call.from', '${{ call.from', null],
    ['Tags: ${{ call.tags }}', ' call.tags ', 'use it alone, or make text of it'],
    ['a ${{ }}', ' ', null],
  ])('%j is refused, with the place', (text, place, hint) => {
    const { start, end, hint: given } = faultOf(text)
    expect([text.slice(start, end), given]).toEqual([place, hint])
  })
})
