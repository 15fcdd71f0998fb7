import type { PreCallRequest } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { circuitOpen } from '../breaker/circuit-open.ts'
import { runPreCall } from '../precall/run.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { worstCaseMs } from './graph.ts'
import { parse, preCallOf } from './testing/parse.ts'

const INTAKE = `
workflow: intake
on: pre-call
budget: 4.5s
connections: { crm: crm/main, billing: postgres/billing, desk: desk/main }

parameters:
  customer_name: { type: string, maxLength: 60, default: there }
  plan: { enum: [free, pro, enterprise, unknown], default: unknown }
  vip: { type: boolean, default: false }
  open_tickets: { type: integer, default: 0 }

steps:
  vip:
    value: \${{ steps.contact.tier == "gold" || steps.account.plan == "enterprise" }}
  contact:
    use: crm.contact.find_by_phone
    with: { phone: "\${{ call.from_number }}" }
    timeout: 2s
    cache: 10m
    default: { first_name: there, tier: standard }
  account:
    use: billing.row.query_one
    with: { sql: "select plan from accounts where phone = $1", values: ["\${{ call.from_number }}"] }
    timeout: 500ms
    default: { plan: unknown }
  tickets:
    use: desk.ticket.find_open
    with: { phone: "\${{ call.from_number }}", limit: 5 }
    timeout: 2s
    default: []

respond:
  route:
    - { if: steps.vip, agent: agent-vip }
    - { if: "!business_hours('support')", transfer: "+15550100911", message: "Hello \${{ steps.contact.first_name }}" }
  parameters:
    customer_name: \${{ steps.contact.first_name }}
    plan: \${{ steps.account.plan }}
    vip: \${{ steps.vip }}
    open_tickets: \${{ size(steps.tickets) }}
  first_message: Hello \${{ steps.contact.first_name }}!
`

const request: PreCallRequest = {
  call: {
    from_number: '+15550100001',
    to_number: '+15550100900',
    direction: 'inbound',
    timestamp: '2026-11-26T12:00:00Z',
  },
  agent: { id: 'a1', name: 'Front desk' },
}

type Call = (input: unknown) => Promise<unknown>

function connect(calls: Partial<Record<'contact' | 'account' | 'tickets', Call>> = {}) {
  const { contact, account, tickets } = calls
  return {
    crm: {
      contact: { findByPhone: contact ?? (async () => ({ first_name: 'Ada', tier: 'gold' })) },
    },
    billing: { row: { queryOne: account ?? (async () => ({ plan: 'pro' })) } },
    desk: { ticket: { findOpen: tickets ?? (async () => [{ id: 1, subject: 'Late' }]) } },
  }
}

async function run(
  text: string,
  connections: Record<string, unknown>,
  advanceMs = 5_000,
  asked = request,
) {
  const clock = fakeClock()
  const running = runPreCall(preCallOf(text), {
    request: asked,
    clock,
    budgetMs: 10_000,
    connections,
  })
  await clock.advance(advanceMs)
  return running
}

describe('a pre-call workflow in YAML', () => {
  test('answers with what its steps found', async () => {
    const inputs: unknown[] = []
    const tickets: Call = async (input) => (inputs.push(input), [{ id: 1 }, { id: 2 }])
    const { status, parameters, routing, missing } = await run(INTAKE, connect({ tickets }))
    expect({ status, parameters, routing, missing }).toEqual({
      status: 'answered',
      parameters: { customer_name: 'Ada', plan: 'pro', vip: true, open_tickets: 2 },
      routing: { first_message: 'Hello Ada!', agent_id: 'agent-vip' },
      missing: [],
    })
    expect(inputs).toEqual([{ phone: '+15550100001', limit: 5 }])
  })

  test('finds what else is known of the call, if that is nothing', async () => {
    const text = `
workflow: intake
on: pre-call
parameters:
  region: { type: string, default: unknown }
steps:
  region:
    value: >-
      \${{ "sip.X-Region" in call.context ? call.context["sip.X-Region"] : "none" }}
respond:
  parameters:
    region: \${{ steps.region }}
`
    const context = { 'sip.X-Region': 'eu ${{ 1 + 1 }}' }
    const asked = { ...request, call: { ...request.call, context } }
    expect((await run(text, {}, 5_000, asked)).parameters).toEqual({ region: 'eu ${{ 1 + 1 }}' })
    expect((await run(text, {})).parameters).toEqual({ region: 'none' })
  })

  test('asks calendars about the time of the call, not of the server', async () => {
    const text = INTAKE.replace('- { if: steps.vip, agent: agent-vip }', '')
    const early = { ...request, call: { ...request.call, timestamp: '2026-11-26T08:59:59Z' } }
    expect((await run(text, connect())).routing.transfer).toBeUndefined()
    expect((await run(text, connect(), 5_000, early)).routing.transfer).toEqual({
      to_number: '+15550100911',
      message: 'Hello Ada',
    })
  })

  test('starts independent steps together, and computes from defaults when they are cut (P1)', async () => {
    const never: Call = () => new Promise(() => undefined)
    const answer = await run(
      INTAKE,
      connect({ contact: never, account: never, tickets: never }),
      2_000,
    )
    expect(answer.durationMs).toBe(2_000)
    expect(answer.parameters).toEqual({
      customer_name: 'there',
      plan: 'unknown',
      vip: false,
      open_tickets: 0,
    })
    expect(answer.steps.map(({ name, status, startMs }) => [name, status, startMs])).toEqual([
      ['contact', 'cut', 0],
      ['account', 'cut', 0],
      ['tickets', 'cut', 0],
    ])
  })

  test('a failing step without default costs the parameters that mention it', async () => {
    const text = INTAKE.replace('default: { first_name: there, tier: standard }', '')
    const contact: Call = async () => Promise.reject(new Error('down'))
    const { status, parameters, missing } = await run(text, connect({ contact }))
    expect(status).toBe('partial')
    expect(parameters).toEqual({ customer_name: 'there', plan: 'pro', vip: false, open_tickets: 1 })
    expect(missing).toEqual([
      { name: 'customer_name', reason: 'failed', step: 'contact' },
      { name: 'vip', reason: 'failed', step: 'contact' },
    ])
  })

  test('says of a parameter which step kept it from being told, and how (P1)', async () => {
    const never: Call = () => new Promise(() => undefined)
    const contact: Call = async () => Promise.reject(circuitOpen(1_000))
    const { status, missing } = await run(INTAKE, connect({ contact, account: never }))
    expect(status).toBe('partial')
    expect(missing).toEqual([
      { name: 'customer_name', reason: 'circuit_open', step: 'contact' },
      { name: 'plan', reason: 'timed_out', step: 'account' },
      { name: 'vip', reason: 'circuit_open', step: 'contact' },
    ])
  })

  test('what a caller or a record says is never read as a template (B6)', async () => {
    const contact: Call = async () => ({ first_name: '${{ agent.id }} {{ secret }}', tier: 'x' })
    const { parameters, routing } = await run(INTAKE, connect({ contact }))
    expect(parameters['customer_name']).toBe('${{ agent.id }} {{ secret }}')
    expect(routing.first_message).toBe('Hello ${{ agent.id }} {{ secret }}!')
  })

  test('reckons its worst case along the longest way', () => {
    const parsed = parse(INTAKE)
    if (!parsed.ok) throw new Error('it parses')
    expect(worstCaseMs(parsed.graph)).toBe(2_000)
    const chained = INTAKE.replace(
      'phone: "${{ call.from_number }}", limit: 5',
      'phone: "${{ steps.account.plan }}"',
    )
    const longer = parse(chained)
    if (!longer.ok) throw new Error(JSON.stringify(longer.problems))
    expect(worstCaseMs(longer.graph)).toBe(2_500)
    expect(longer.graph.steps.find(({ name }) => name === 'tickets')).toMatchObject({
      needs: ['account'],
      limitMs: 2_000,
      use: 'desk.ticket.find_open',
      line: 27,
    })
  })
})

const SKIPS = `
workflow: intake
on: pre-call
connections: { crm: crm/main, desk: desk/main }
parameters:
  a: { type: string, default: none }
  b: { type: string, default: none }
  c: { type: string, default: none }
steps:
  contact:
    if: call.direction == "outbound"
    use: crm.contact.find_by_phone
    with: { phone: "\${{ call.from_number }}" }
  follows: { value: "\${{ steps.contact.first_name }}" }
  after: { value: done, needs: contact }
  tolerant: { if: steps.contact.status == "skipped", value: seen }
respond:
  parameters:
    a: \${{ steps.follows }}
    b: \${{ steps.after }}
    c: \${{ steps.tolerant }}
`

test('what mentions a skipped step is skipped, unless its `if` looks at the status (rule 5)', async () => {
  const { parameters, steps, missing } = await run(SKIPS, {})
  expect(missing).toEqual([
    { name: 'a', reason: 'skipped', step: 'contact' },
    { name: 'b', reason: 'skipped', step: 'contact' },
  ])
  expect(parameters).toEqual({ a: 'none', b: 'none', c: 'seen' })
  expect(steps).toEqual([])
})

test('an `if` that cannot be told is a failed step, and a route that cannot be told is not taken', async () => {
  const text = `
workflow: intake
on: pre-call
connections: { echo: echo/main }
parameters: { status: { type: string, default: none } }
steps:
  look: { use: echo.value.get }
  odd: { if: steps.look.missing == 1, value: x }
respond:
  route: [{ if: steps.look.missing == 1, say: wrong }, { reject: closed }]
  parameters: { status: "\${{ steps.odd.status }}" }
`
  const { parameters, routing } = await run(text, { echo: { value: { get: async () => ({}) } } })
  expect(parameters).toEqual({ status: 'failed' })
  expect(routing).toEqual({ reject: { reason: 'closed' } })
})
