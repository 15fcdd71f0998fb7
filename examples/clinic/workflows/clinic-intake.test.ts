import { PARAMETER_NAME } from '@bookend/contract'
import { placeholdersOf } from '@bookend/core'
import { simulate } from '@bookend/sdk/testing'
import { describe, expect, test } from 'vitest'
import { AGENTS } from '../services/agents.ts'
import intake from './clinic-intake.pre-call.ts'

const NURSE = '0b0f1c1e-53a0-4f1e-9f63-3f3f1b0a7c01'
const THURSDAY = '2026-11-26T15:00:00Z'

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
function practiceOf({ patients = [ada], appointment = null, cases = [], ...rest }: Tables = {}) {
  const rows = (sql: string): object[] =>
    sql.includes('clinic.patients')
      ? patients
      : sql.includes('clinic.cases')
        ? cases
        : (rest.invoices ?? [])
  return {
    'practice.row.query': ({ sql }: { sql: string }) => ({ rows: rows(sql) }),
    'practice.row.query_one': ({ sql }: { sql: string }) =>
      sql.includes('clinic.settings')
        ? { value: NURSE }
        : sql.includes('clinic.insurance')
          ? (rest.insurance ?? null)
          : appointment,
  }
}

const tickets = [
  { id: 1, subject: 'Inhaler' },
  { id: 2, subject: 'Records' },
]
const twoTickets = { 'desk.request.get': { status: 200, body: { tickets } } }

const take = (fakes: object, agent = { id: 'front-desk', name: 'Front Desk' }) =>
  simulate(intake, { timestamp: THURSDAY }, { ...twoTickets, ...fakes }, { agent })

describe('the intake of a call', () => {
  test('tells the agent who is calling and what is open', async () => {
    const practice = practiceOf({
      appointment: { starts_at: '2026-11-27T19:30:00Z', doctor: 'Dr. Lindqvist' },
      insurance: { provider: 'Harbor Mutual', valid_until: '2027-01-01' },
      invoices: [{ amount_cents: 8_450, due_on: '2026-11-01' }],
    })
    const run = await take(practice)
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
    const run = await take({ ...practiceOf(), 'desk.request.get': simulate.after('9s', null) })
    expect(run.parameters).toMatchObject({ customer_name: 'Ada', vip: true, open_tickets: 0 })
    expect(run.step('tickets')).toBeCut()
    expect(run).toAnswerWithin('1.5s')
    expect(run.missing).toEqual([{ name: 'tickets', reason: 'timed_out', step: 'tickets' }])
  })

  test('answers without anything, long before the budget ends, when all is hung (P1)', async () => {
    const { hang } = simulate
    const run = await take({
      'practice.row.query': hang,
      'practice.row.query_one': hang,
      'desk.request.get': hang,
    })
    expect(run.status).toBe('partial')
    expect(run).toAnswerWithin('1.5s')
    expect(run.parameters).toMatchObject({ customer_name: 'there', patient_known: false })
  })

  test('fails the step, not the call, on a row that is not as it should be', async () => {
    const insurance = { provider: 'Harbor Mutual', valid_until: 'soon' }
    const run = await take(practiceOf({ insurance }))
    expect(run.missing).toEqual([{ name: 'insurance', reason: 'failed', step: 'insurance' }])
    expect(run.parameters).toMatchObject({ customer_name: 'Ada', insurance_status: 'unknown' })
  })

  test('tells nobody’s details where two patients share a number', async () => {
    const eli = { ...ada, id: 2, first_name: 'Eli' }
    const run = await take(practiceOf({ patients: [ada, eli] }))
    expect(run.steps.map(({ name }) => name)).toEqual(['tickets', 'patient', 'desks'])
    expect(run.parameters).toMatchObject({
      customer_name: 'there',
      patient_known: true,
      household: 'Ada Okafor or Eli Okafor',
      vip: false,
    })
  })

  test('greets an unknown caller without a name', async () => {
    const run = await take(practiceOf({ patients: [] }))
    expect(run).toMatchObject({ status: 'answered', routing: {} })
    expect(run.parameters).toMatchObject({ customer_name: 'there', patient_known: false })
  })
})

describe('an open urgent case', () => {
  const practice = practiceOf({ cases: [{ title: 'Chest pain', urgency: 'urgent' }] })

  test('takes the call to the nurse', async () => {
    const run = await take(practice)
    expect(run.routing.agent_id).toBe(NURSE)
    expect(run.parameters).toMatchObject({ open_cases: 1, urgent_case: 'Chest pain' })
  })

  test('leaves a call where it is that the nurse has already', async () => {
    const run = await take(practice, { id: NURSE, name: 'Urgent Nurse' })
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
