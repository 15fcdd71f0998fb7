import { describe, expect, test } from 'vitest'
import { EvaluationError, ExpressionError } from './expression-error.ts'
import { compileCondition, compileExpression } from './expression.ts'
import type { Frame, Vocabulary } from './scope.ts'
import { ANY, listOf, mapOf, NUMBER, STRING } from './value-type.ts'

const vocabulary: Vocabulary = {
  variables: {
    call: mapOf({
      from_number: STRING,
      duration: NUMBER,
      params: ANY,
      tags: listOf(mapOf({ name: STRING })),
    }),
    event: ANY,
  },
  steps: {
    contact: mapOf({ first_name: STRING, tier: STRING, status: STRING }),
    'log-call': ANY,
    tickets: listOf(ANY),
  },
  calendars: { names: ['support'], isOpen: (_, at) => at.getUTCHours() >= 9 },
}

const frame = (over: Partial<Frame> = {}): Frame => ({
  variables: {
    call: {
      from_number: '+15550100001',
      duration: 42,
      params: { plan: 'pro' },
      tags: [{ name: 'vip' }],
    },
    event: { nested: { list: [1, 2, 3] }, text: '7', n: 7 },
  },
  steps: {
    contact: { status: 'ok', output: { first_name: 'Ada', tier: 'gold', status: 'lead' } },
    'log-call': { status: 'failed', output: null },
    tickets: { status: 'ok', output: [{ id: 1 }, { id: 2 }] },
  },
  now: () => new Date('2026-11-26T12:30:00Z'),
  ...over,
})

const evaluate = (text: string, at = frame()): unknown =>
  compileExpression(text, vocabulary).evaluate(at)

const faultOf = (text: string): ExpressionError => {
  try {
    compileExpression(text, vocabulary)
  } catch (error) {
    if (error instanceof ExpressionError) return error
    throw error
  }
  throw new Error(`${text} compiles`)
}

describe('an expression', () => {
  test.each<[string, unknown]>([
    ['call.from_number', '+15550100001'],
    ['call["from_number"]', '+15550100001'],
    ['call.params.plan', 'pro'],
    ['event.nested.list[1]', 2],
    ['steps.contact.tier == "gold" || false', true],
    ['size(steps.tickets)', 2],
    ['steps.tickets.size() > 1', true],
    ['steps["log-call"].status', 'failed'],
    ['steps.contact.status', 'ok'],
    ['steps.contact.output.status', 'lead'],
    ['int(event.text) <= 2', false],
    ['1 + 2 * 3', 7],
    ['7 / 2', 3],
    ['7.0 / 2.0', 3.5],
    ['event.n / 2', 3.5],
    ['-7 / 2', -3],
    ['7 % 3', 1],
    ['-event.n', -7],
    ['call.duration > 5 ? "long" : "short"', 'long'],
    ['"a" + "b"', 'ab'],
    ['[1] + [2, 3]', [1, 2, 3]],
    ['{"name": steps.contact.first_name, "n": [1, null]}', { name: 'Ada', n: [1, null] }],
    ['"vip" in call.tags.map(t, t.name)', true],
    ['call.tags.exists(t, t.name == "vip")', true],
    ['call.tags.all(t, t.name == "vip")', true],
    ['call.tags.exists_one(t, t.name == "vip")', true],
    ['event.nested.list.filter(n, n > 1)', [2, 3]],
    ['event.nested.list.map(n, n > 1, n * 10)', [20, 30]],
    ['event.nested.list.map(n, event.nested.list.map(m, n * m)).size()', 3],
    ['has(event.nested) && !has(event.missing)', true],
    ['has(event.missing.deeper) || true', true],
    ['event.missing == 1 || true', true],
    ['false && event.missing == 1', false],
    ['event.missing == 1 && false', false],
    ['[1, 2] == [1, 2] && {"a": 1} == {"a": 1.0}', true],
    ['null == event.n', false],
    ['"a,b".split(",").join("-")', 'a-b'],
    ['"  Ada ".trim().upperAscii()', 'ADA'],
    ['"straße".size()', 6],
    ['"+15550100001".matches("^\\\\+1555\\\\d+$")', true],
    ['"hello".substring(1, 3)', 'el'],
    ['string(4) + string(true) + string(1.5)', '4true1.5'],
    ['now() - timestamp("2026-11-26T12:00:00Z") == duration("30m")', true],
    ['now() + duration("1d")', '2026-11-27T12:30:00.000Z'],
    ['now().getHours("America/New_York")', 7],
    ['now().getDayOfWeek()', 4],
    ['duration("90s").getMinutes()', 1],
    ["business_hours('support')", true],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected)
  })

  test('says which steps it needs, and whether by output or by status', () => {
    const { mentions, isTimed } = compileExpression(
      'steps.contact.status == "ok" && steps.contact.tier == steps.contact.first_name && size(steps["tickets"]) > 0',
      vocabulary,
    )
    expect(mentions).toEqual([
      { step: 'contact', of: 'status' },
      { step: 'contact', of: 'output' },
      { step: 'tickets', of: 'output' },
    ])
    expect(isTimed).toBe(false)
    expect(compileExpression('now()', vocabulary).isTimed).toBe(true)
  })

  test('can be evaluated by many runs at once, one inside another', () => {
    const expression = compileExpression('event.list.map(x, x + event.n)', vocabulary)
    const of = (n: number) =>
      expression.evaluate(frame({ variables: { event: { list: [1, 2], n } } }))
    expect([of(10), of(20)]).toEqual([
      [11, 12],
      [21, 22],
    ])
  })
})

describe('an expression that is wrong', () => {
  test.each<[string, string, string | null]>([
    ['call.form_number', 'there is no field "form_number"', 'did you mean "from_number"?'],
    ['steps.contcat.tier', 'there is no step "contcat" here', 'did you mean "contact"?'],
    ['steps.contact.teir', 'there is no field "teir"', 'did you mean "tier"?'],
    ['contact.tier', 'there is no variable "contact"', 'write steps.contact'],
    ['cal.duration', 'there is no variable "cal"', 'did you mean "call"?'],
    ['steps', 'name a step: steps.<name>', 'there are contact, log-call, tickets'],
    ['steps[call.from_number]', 'name a step with a text: steps["name"]', null],
    ['sise(steps.tickets)', 'there is no function "sise"', 'did you mean "size"?'],
    ['trim(call.from_number)', 'there is no function "trim" of this form', 'write value.trim(…)'],
    [
      'size(call.duration)',
      'size() does not take a number',
      'it is size(text) or size(a list) or size(a map)',
    ],
    ['call.duration == "5"', 'a number and text are never equal', 'convert with int() or string()'],
    [
      'call.duration + "s"',
      '"+" does not work on a number and text',
      'convert with int() or string()',
    ],
    ['!call.duration', 'this must be true or false, and is a number', null],
    ['true ? 1 : "a"', 'both sides of ":" must be of one type, not a number and text', null],
    ['"a" in "abc"', '"in" looks into a list or a map', 'write text.contains("part")'],
    ['call.duration = 5', 'this is not CEL: unexpected character: =', 'compare with =='],
    ['call.from_number.x', 'text has no field "x"', null],
    ['', 'there is no expression', null],
    [
      '${{ call.duration }}',
      'this is not CEL: unexpected character: $',
      'write the expression alone, without ${{ }}',
    ],
    ["business_hours('suport')", 'there is no calendar "suport"', 'did you mean "support"?'],
    [
      'business_hours(call.from_number)',
      'business_hours() takes the name of a calendar in quotes',
      null,
    ],
    [
      '"a".matches(call.from_number)',
      'the pattern of matches() is a text in quotes',
      'write text.matches("pattern")',
    ],
    ['call.tags.all(t, t.nme == "x")', 'there is no field "nme"', 'did you mean "name"?'],
    ['call.tags.filter(t, t.name)', 'this must be true or false, and is text', null],
    ['9007199254740993', 'the number is too large to be exact', null],
    ['{call: 1}', 'the keys of a map are texts in quotes', null],
  ])('%j', (text, message, hint) => {
    const fault = faultOf(text)
    expect([fault.message, fault.hint]).toEqual([message, hint])
  })

  test('is shown where it is wrong', () => {
    const text = 'call.duration > 5 && call.form_number == ""'
    const { start, end } = faultOf(text)
    expect(text.slice(start, end)).toBe('call.form_number')
  })

  test('as a condition, must be true or false', () => {
    expect(() => compileCondition('call.duration', vocabulary)).toThrow('a condition must be true')
    expect(
      compileCondition('event.flag', vocabulary).holds(
        frame({ variables: { event: { flag: true } } }),
      ),
    ).toBe(true)
    expect(() => compileCondition('event.n', vocabulary).holds(frame())).toThrow(EvaluationError)
  })

  test.each([
    ['event.missing', 'there is no field "missing"'],
    ['event.nested.list[9]', 'the list has no such item'],
    ['event.n / 0', 'division by zero'],
    ['int("ten")', 'the text is not a number'],
    ['event.n > event.text', '">" does not work on number and string'],
    ['size(event.n)', 'size() does not take number'],
    ['9007199254740991 + 1', 'the number is too large to be exact'],
    ['now().getHours("Mars/Olympus")', 'that is not a time zone, such as Europe/Berlin'],
    ['timestamp("yesterday")', 'timestamp() reads texts such as 2026-11-26T12:00:00Z'],
  ])('fails on data it cannot use: %s', (text, message) => {
    expect(() => evaluate(text)).toThrow(new EvaluationError(message))
  })
})
