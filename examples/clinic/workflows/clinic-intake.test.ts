import { PARAMETER_NAME, type PreCallRequest } from '@bookend/contract'
import { placeholdersOf, runPreCall } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { fakeClock } from '@bookend/core/testing'
import { AGENTS } from '../services/agents.ts'
import intake from './clinic-intake.pre-call.ts'

const NURSE = '0b0f1c1e-53a0-4f1e-9f63-3f3f1b0a7c01'
const FRONT_DESK = '0b0f1c1e-53a0-4f1e-9f63-3f3f1b0a7c02'

const ada = {
  id: 1,
  first_name: 'Ada',
  last_name: 'Okafor',
  email: 'ada@example.com',
  vip: true,
  member_since: '2019-05-04',
}

interface Tables {
  patients?: object[]
  appointment?: object | null
  cases?: object[]
  insurance?: object | null
  invoices?: object[]
}

/** A practice that answers from what is given, by the table a statement reads. */
function practiceOf({ patients = [ada], appointment = null, cases = [], ...rest }: Tables) {
  const rows = (sql: string): object[] =>
    sql.includes('clinic.patients')
      ? patients
      : sql.includes('clinic.cases')
        ? cases
        : (rest.invoices ?? [])
  return {
    row: {
      query: async ({ sql }: { sql: string }) => ({ rows: rows(sql) }),
      queryOne: async ({ sql }: { sql: string }): Promise<object | null> =>
        sql.includes('clinic.settings')
          ? { value: NURSE }
          : sql.includes('clinic.insurance')
            ? (rest.insurance ?? null)
            : appointment,
    },
  }
}

const deskOf = (answer: () => Promise<object>) => ({ request: { get: answer } })
const twoTickets = deskOf(async () => ({
  status: 200,
  body: {
    tickets: [
      { id: 1, subject: 'Inhaler' },
      { id: 2, subject: 'Records' },
    ],
  },
}))
const hung = () => new Promise<never>(() => undefined)

const request: PreCallRequest = {
  call: {
    from_number: '+15550100001',
    to_number: '+15550100900',
    direction: 'inbound',
    timestamp: '2026-11-26T15:00:00Z',
  },
  agent: { id: FRONT_DESK, name: 'Front Desk' },
}

async function take(connections: object, { agent = request.agent, passesMs = 0 } = {}) {
  const clock = fakeClock()
  const answer = runPreCall(intake, {
    request: { ...request, agent },
    clock,
    budgetMs: 4_800,
    connections: { ...connections },
  })
  await clock.advance(passesMs)
  return { run: await answer, pendingTimers: clock.pendingTimers }
}

describe('the intake of a call', () => {
  test('tells the agent who is calling and what is open', async () => {
    const practice = practiceOf({
      appointment: { starts_at: '2026-11-27T19:30:00Z', doctor: 'Dr. Lindqvist' },
      insurance: { provider: 'Harbor Mutual', valid_until: '2027-01-01' },
      invoices: [{ amount_cents: 8_450, due_on: '2026-11-01' }],
    })
    const { run } = await take({ practice, desk: twoTickets })
    expect(run).toMatchObject({ status: 'answered', missing: [], routing: {} })
    expect(run.parameters).toEqual({
      customer_name: 'Ada',
      patient_known: true,
      household: '',
      vip: true,
      next_appointment: 'Friday, November 27 at 2:30 PM with Dr. Lindqvist',
      open_cases: 0,
      urgent_case: '',
      open_tickets: 2,
      insurance_status: 'active',
      overdue_amount: 84.5,
      clinic_open: true,
      opening_hours: 'Monday to Friday from 8 am to 6 pm, and Saturday from 9 am to 1 pm',
    })
  })

  test('costs a hung desk its tickets, and the caller is still greeted by name (P1)', async () => {
    const { run, pendingTimers } = await take(
      { practice: practiceOf({}), desk: deskOf(hung) },
      { passesMs: 1_500 },
    )
    expect(run.parameters).toMatchObject({ customer_name: 'Ada', vip: true, open_tickets: 0 })
    expect(run).toMatchObject({ status: 'partial', durationMs: 1_500 })
    expect(run.missing).toEqual([{ name: 'tickets', reason: 'timed_out', step: 'tickets' }])
    expect(pendingTimers).toBeLessThanOrEqual(1)
  })

  test('answers without anything, long before the budget ends, when all is hung (P1)', async () => {
    const practice = { row: { query: hung, queryOne: hung } }
    const { run } = await take({ practice, desk: deskOf(hung) }, { passesMs: 1_500 })
    expect(run.status).toBe('partial')
    expect(run.parameters).toMatchObject({ customer_name: 'there', patient_known: false })
  })

  test('fails the step, not the call, on a row that is not as it should be', async () => {
    const practice = practiceOf({ insurance: { provider: 'Harbor Mutual', valid_until: 'soon' } })
    const { run } = await take({ practice, desk: twoTickets })
    expect(run.missing).toEqual([{ name: 'insurance', reason: 'failed', step: 'insurance' }])
    expect(run.parameters).toMatchObject({ customer_name: 'Ada', insurance_status: 'unknown' })
  })

  test('tells nobody’s details where two patients share a number', async () => {
    const eli = { ...ada, id: 2, first_name: 'Eli' }
    const { run } = await take({ practice: practiceOf({ patients: [ada, eli] }), desk: twoTickets })
    expect(run.steps.map(({ name }) => name)).toEqual(['tickets', 'patient', 'desks'])
    expect(run.parameters).toMatchObject({
      customer_name: 'there',
      patient_known: true,
      household: 'Ada Okafor or Eli Okafor',
      vip: false,
    })
  })

  test('greets an unknown caller without a name', async () => {
    const { run } = await take({ practice: practiceOf({ patients: [] }), desk: twoTickets })
    expect(run).toMatchObject({ status: 'answered', routing: {} })
    expect(run.parameters).toMatchObject({ customer_name: 'there', patient_known: false })
  })
})

describe('an open urgent case', () => {
  const cases = [{ title: 'Chest pain', urgency: 'urgent' }]

  test('takes the call to the nurse', async () => {
    const { run } = await take({ practice: practiceOf({ cases }), desk: twoTickets })
    expect(run.routing.agent_id).toBe(NURSE)
    expect(run.parameters).toMatchObject({ open_cases: 1, urgent_case: 'Chest pain' })
  })

  test('leaves a call where it is that the nurse has already', async () => {
    const agent = { id: NURSE, name: 'Urgent Nurse' }
    const { run } = await take({ practice: practiceOf({ cases }), desk: twoTickets }, { agent })
    expect(run.routing.agent_id).toBeUndefined()
  })
})

describe('the agents', () => {
  test.each(AGENTS)('$name asks for nothing that the intake does not declare', (agent) => {
    const asked = placeholdersOf(`${agent.prompt} ${agent.first_message}`)
    expect(asked.filter((name) => !(name in intake.parameters))).toEqual([])
    expect(asked.every((name) => PARAMETER_NAME.test(name))).toBe(true)
    expect(Object.keys(agent.default_parameters ?? {})).toEqual(Object.keys(intake.parameters))
  })
})
