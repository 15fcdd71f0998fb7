import { describe, expect, test } from 'vitest'
import { parse, problemsOf } from './testing/parse.ts'

const HEAD = `workflow: intake
on: pre-call
connections: { crm: crm/main, desk: desk/main, echo: echo/main }
parameters: { name: { type: string, default: there } }
`
const TAIL = `respond: { parameters: { name: x } }
`
/** A file whose line 6 is the first of its steps. */
const withSteps = (steps: string): string => `${HEAD}steps:\n${steps}\n${TAIL}`

describe('the head of a file', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing', '', ['f:1:1 the file is empty (begin with "workflow: <name>")']],
    ['a text', 'hello', ['f:1:1 a workflow is a map of names (begin with "workflow: <name>")']],
    ['a list', '- a', ['f:1:1 a workflow is a map of names (begin with "workflow: <name>")']],
    [
      'no name and no trigger',
      'steps: {}\nrespond: {}',
      [
        'f:1:1 the workflow has no name (begin with "workflow: intake")',
        'f:1:1 nothing starts the workflow (write "on: pre-call" or "on: call.completed")',
      ],
    ],
    [
      'another name than the file’s',
      `${HEAD.replace('intake', 'other')}${TAIL}`,
      [
        'f:1:11 workflow: the file is called "intake", and the workflow "other" (write "workflow: intake", or rename the file)',
      ],
    ],
    [
      'a name that is none',
      `${HEAD.replace('intake', 'My Intake')}${TAIL}`,
      ['f:1:11 workflow: "My Intake" is not a workflow name (use a-z, 0-9 and -)'],
    ],
    [
      'another kind than the file’s',
      'workflow: intake\non: call.completed\nsteps: {}',
      [
        'f:2:5 on: "on: call.completed" does not go with the file\'s name (end it with .journey.yaml)',
      ],
    ],
    [
      'fields nobody knows',
      `${HEAD}step: {}\nbugdet: 2s\n${TAIL}`,
      [
        'f:5:1 step: there is no field "step" (did you mean "steps"?)',
        'f:6:1 bugdet: there is no field "bugdet" (did you mean "budget"?)',
      ],
    ],
    [
      'a budget without unit',
      `${HEAD}budget: 2\n${TAIL}`,
      ['f:5:9 budget: "2" is not a duration (write 250ms, 2s, 10m, 4h or 7d)'],
    ],
    [
      'no answer',
      HEAD,
      ['f:1:1 the workflow answers nothing (give it "respond" with "parameters")'],
    ],
    [
      'connections that are not there',
      `workflow: intake\non: pre-call\nconnections: { a: crm/mian, b: hubspot/main, c: crm, "d-e": crm/main, f: 1 }\n${TAIL.replace('name: x', '')}`,
      [
        'f:3:19 connections.a: the connection "crm/mian" is not configured (did you mean "crm/main"?)',
        'f:3:32 connections.b: there is no connector "hubspot" (there are crm, desk, postgres, echo)',
        'f:3:49 connections.c: "crm" is not a connection (write <connector>/<connection>, such as http/main)',
        'f:3:54 connections.d-e: "d-e" cannot name a connection (use letters, digits and _)',
        'f:3:74 connections.f: this must be text',
      ],
    ],
    [
      'a name twice',
      `${HEAD}steps:\n  a: { value: 1 }\n  a: { value: 2 }\n${TAIL}`,
      ['f:7:3 steps.a: "a" is there twice'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
  })
})

describe('parameters and the answer', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'types that are none',
      '{ a: {}, b: { type: strng }, c: { enum: [] }, 1d: { type: string }, e: { type: boolean, maxLength: 2 } }',
      '{}',
      [
        'f:3:15 parameters.a: the parameter has no type (write { type: string } or { enum: [a, b] })',
        'f:3:33 parameters.b.type: "strng" is not known here (did you mean "string"?)',
        'f:3:53 parameters.c.enum: an enum is a list of texts (write [free, pro])',
        'f:3:59 parameters.1d: "1d" is not a parameter name (begin with a letter; use letters, digits and _)',
        'f:3:101 parameters.e.maxLength: "maxLength" does not go with this type',
      ],
    ],
    [
      'defaults that do not fit',
      '{ a: { type: integer, default: 1.5 }, b: { enum: [x], default: y }, c: { type: number, min: 1, default: 0 } }',
      '{}',
      [
        'f:3:44 parameters.a.default: the default does not fit: Invalid input: expected int, received number',
        'f:3:76 parameters.b.default: the default does not fit: Invalid input: expected "x"',
        'f:3:117 parameters.c.default: the default does not fit: Too small: expected number to be >=1',
      ],
    ],
    [
      'an answer to what is not declared, or of another type',
      '{ plan: { type: string } }',
      '{ parameters: { plna: x, plan: 1 } }',
      [
        'f:4:26 respond.parameters.plna: there is no parameter "plna" (did you mean "plan"?)',
        'f:4:41 respond.parameters.plan: the parameter is text, and this is a number',
      ],
    ],
    [
      'routes',
      '{}',
      '{ route: [{ agent: "${{ call.from_number }}" }, { transfer: "12" }, { if: "call.from_number", say: x }, { agent: a, say: b }, {}, { agnet: x }] }',
      [
        'f:4:29 respond.route[0].agent: "agent" holds no expression: where a call goes stands in the file',
        'f:4:70 respond.route[1].transfer: "12" is not a phone number (write it in quotes, with + and country: "+15550100911")',
        'f:4:85 respond.route[2].if: a condition must be true or false, and this is text (compare it with something)',
        'f:4:114 respond.route[3]: a route says one of agent, transfer, reject or say',
        'f:4:136 respond.route[4]: a route says one of agent, transfer, reject or say',
        'f:4:140 respond.route[5]: a route says one of agent, transfer, reject or say',
        'f:4:142 respond.route[5].agnet: there is no field "agnet" (did you mean "agent"?)',
      ],
    ],
  ])('%s', (_, parameters, respond, expected) => {
    const text = `workflow: intake\non: pre-call\nparameters: ${parameters}\nrespond: ${respond}\n`
    expect(problemsOf(text)).toEqual(expected)
  })
})

describe('steps', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'that do nothing',
      '  a: {}',
      ['f:6:3 steps.a: the step does nothing (give it "use" or "value")'],
    ],
    ['that are nothing', '  a:', ['f:6:3 steps.a: the step does nothing (give it "use")']],
    [
      'that do two things',
      '  a: { value: 1, use: echo.value.get }',
      ['f:6:8 steps.a: a step has "use" or "value", not both (make two steps of it)'],
    ],
    [
      'with fields that do not go together',
      '  a: { value: 1, timeout: 1s, tmeout: 2s }',
      [
        'f:6:18 steps.a.timeout: "timeout" does not go with "value"',
        'f:6:31 steps.a.tmeout: there is no field "tmeout" in a step (there are value, default, if, needs)',
      ],
    ],
    [
      'with a name that is none',
      '  "a b": { value: 1 }',
      [
        'f:6:3 steps.a b: "a b" is not a step name (begin with a letter; use letters, digits, - and _)',
      ],
    ],
    [
      'that use what is not there',
      '  a: { use: crm.contact.find_by_fone }\n  b: { use: crmm.contact.find_by_phone }\n  c: { use: crm }',
      [
        'f:6:17 steps.a.use: crm has no action "contact.find_by_fone" (did you mean "contact.find_by_phone"?)',
        'f:7:13 steps.b.use: there is no connection "crmm" in this file (did you mean "crm"?)',
        'f:8:13 steps.c.use: "crm" is not an action (write <connection>.<noun>.<verb>, such as crm.contact.find_by_phone)',
      ],
    ],
    [
      'that write before the answer (rule 4)',
      '  a: { use: echo.value.put }',
      [
        'f:6:13 steps.a.use: "value.put" writes, and before the call only reading is allowed (write under "after", or in a journey)',
      ],
    ],
    [
      'whose input does not fit',
      '  a: { use: crm.contact.find_by_phone, with: { fone: "1" } }\n  b: { use: crm.contact.find_by_phone }\n  c: { use: desk.ticket.find_open, with: { phone: "123", limit: 99 } }\n  d: { use: desk.ticket.find_open, with: { phone: "${{ call }}", limit: ten } }',
      [
        'f:6:40 steps.a.with.phone: does not fit: Invalid input: expected string, received undefined',
        'f:6:48 steps.a.with.fone: the action takes no "fone" (did you mean "phone"?)',
        'f:7:3 steps.b.phone: does not fit: Invalid input: expected string, received undefined',
        'f:8:65 steps.c.with.limit: does not fit: Too big: expected number to be <=50',
        'f:9:51 steps.d.with.phone: the action takes text here, and this is a map (write string(…))',
        'f:9:73 steps.d.with.limit: does not fit: Invalid input: expected number, received string',
      ],
    ],
    [
      'that wait for each other',
      '  a: { value: "${{ steps.b }}" }\n  b: { if: steps.c, value: 1 }\n  c: { value: true, needs: [a] }\n  d: { value: "${{ steps.d }}" }',
      ['f:6:3 steps.a: steps wait for each other: a → b → c → a'],
    ],
    [
      'that mention what is not there',
      '  a: { value: "${{ steps.cotnact.x }}", needs: [contact, c] }\n  contact: { use: crm.contact.find_by_phone, with: { phone: "${{ call.form_number }}" } }\n  d: { value: "${{ steps.contact.teir }}" }',
      [
        'f:6:20 steps.a.value: there is no step "cotnact" here (did you mean "contact"?)',
        'f:6:48 steps.a.needs: there is no step "c" (there are a, contact, d)',
        'f:7:66 steps.contact.with.phone: there is no field "form_number" (did you mean "from_number"?)',
        'f:8:20 steps.d.value: there is no field "teir" (did you mean "tier"?)',
      ],
    ],
    [
      'whose default is something else',
      '  a: { use: desk.ticket.find_open, with: { phone: "123" }, default: none }\n  b: { use: echo.value.get, default: "${{ 1 }}" }',
      [
        'f:6:69 steps.a.default: the default is of another kind than what the step gives',
        'f:7:38 steps.b.default: a default holds no expression: it is what is left when nothing else is',
      ],
    ],
    [
      'whose cache is none',
      '  a: { use: echo.value.get, cache: { fresh: 1h } }\n  b: { use: echo.value.get, cache: { fresh: 1h, stale: 1m } }\n  c: { use: echo.value.get, cache: forever }',
      [
        'f:6:29 steps.a.cache: the cache needs both "fresh" and "stale"',
        'f:7:29 steps.b.cache: cache.stale is the age at which a result is dropped; it is more than 0 and not less than cache.fresh',
        'f:8:36 steps.c.cache: "forever" is not a duration (write 250ms, 2s, 10m, 4h or 7d)',
      ],
    ],
    [
      'with expressions over several lines',
      '  a:\n    value: >-\n      ${{ call.from_number == "1" ||\n          call.form_number == "2" }}',
      ['f:9:11 steps.a.value: there is no field "form_number" (did you mean "from_number"?)'],
    ],
    [
      'with a pattern that cannot be used (D2)',
      '  a: { if: \'call.from_number.matches("(?=1)")\', value: 1 }',
      [
        'f:6:38 steps.a.if: the pattern cannot be used: invalid or unsupported Perl syntax: `(?=` (patterns are RE2: no lookaround, no back-references)',
      ],
    ],
  ])('%s', (_, steps, expected) => {
    expect(problemsOf(withSteps(steps))).toEqual(expected)
  })

  test('under "after" are checked like the others, and have names of their own', () => {
    const text = `${withSteps('  a: { value: 1 }')}after:\n  a: { value: 1 }\n  warm: { use: echo.value.put, with: { x: "\${{ call.form_number }}" } }\n`
    expect(problemsOf(text)).toEqual([
      'f:9:3 after.a: there is a step "a" before the answer (give it another name)',
      'f:10:48 after.warm.with.x: there is no field "form_number" (did you mean "from_number"?)',
    ])
  })

  test('retries are checked as the engine will', () => {
    const text = `workflow: after\non: call.completed\nconnections: { echo: echo/main }\nsteps:\n  a: { use: echo.value.put, retry: { attempts: 0, backof: fixed }, unknown: guess }\n`
    expect(problemsOf(text, { file: 'after.journey.yaml' })).toEqual([
      'f:5:36 steps.a.retry: retry.attempts is a whole number from 1 to 100',
      'f:5:51 steps.a.retry.backof: there is no field "backof" (did you mean "backoff"?)',
      'f:5:77 steps.a.unknown: "guess" is not known here (there are park, retry, assume_done)',
    ])
  })
})

test('what is odd and does no harm is a warning', () => {
  const parsed = parse(withSteps('  a: { value: 1 }').replace('{ name: x }', '{}'))
  expect(parsed.ok && parsed.warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'connections.crm: no step uses this connection',
    'connections.desk: no step uses this connection',
    'connections.echo: no step uses this connection',
    'parameters.name: nothing sets this parameter: it is always its default',
    'steps.a: nothing uses this step',
  ])
})

test('an old version is read without knowing what is configured', () => {
  const text = withSteps(
    '  a: { use: crm.contact.find_by_phone, with: { phone: "123" }, if: "business_hours(\'gone\')" }',
  )
  expect(problemsOf(text, { connections: null, calendars: null })).toEqual([])
})
