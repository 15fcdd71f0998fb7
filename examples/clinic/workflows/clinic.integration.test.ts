import { madeUpCall } from '@bookend/sdk/testing'
import { describe, expect, test } from 'vitest'
import { writeSetting } from '../services/practice.ts'
import { connectClinic, TOKEN } from '../testing/connect-clinic.ts'
import afterVisit from './after-visit-call.journey.ts'
import emergency from './emergency-alert.journey.ts'

/** Thursday, ten in the morning at the clinic. */
const NOW = new Date('2026-11-26T15:00:00Z')
const NURSE = '0b0f1c1e-53a0-4f1e-9f63-3f3f1b0a7c01'

const turnKnobs = (deskUrl: string, knobs: object) =>
  fetch(`${deskUrl}/knobs`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(knobs),
  })

describe('the intake, on the practice’s database and the desk', () => {
  test('knows everybody who is listed, and nobody who is not', async () => {
    await using clinic = await connectClinic(NOW)
    await writeSetting(clinic.pool, 'agent:Urgent Nurse', NURSE)
    const expected = {
      '+15550100001': {
        customer_name: 'Ada',
        vip: true,
        next_appointment: 'Friday, November 27 at 2:30 PM with Dr. Lindqvist',
        open_tickets: 1,
        insurance_status: 'active',
        overdue_amount: 0,
      },
      '+15550100002': { customer_name: 'Marcus', vip: false, overdue_amount: 204.5 },
      '+15550100003': {
        open_cases: 2,
        urgent_case: 'Shortness of breath after heart surgery',
      },
      '+15550100004': { customer_name: 'Tomasz', insurance_status: 'none' },
      '+15550100005': {
        customer_name: 'there',
        patient_known: true,
        household: 'Nora Whitfield or Eli Whitfield',
      },
      '+15550100007': { insurance_status: 'expired' },
      '+15550100008': { open_cases: 1, urgent_case: '' },
      '+15550100009': { vip: true, overdue_amount: 0, next_appointment: 'none booked' },
      '+15550100010': { next_appointment: 'none booked' },
      '+15550100011': { customer_name: 'Siobhán', insurance_status: 'active' },
      '+15550100012': { open_tickets: 2, overdue_amount: 319 },
      '+15550199999': { customer_name: 'there', patient_known: false, open_tickets: 0 },
    }
    for (const [from, parameters] of Object.entries(expected)) {
      const { status, missing, parameters: told, routing } = await clinic.intake(from)
      expect({ from, status, missing, told }).toMatchObject({
        from,
        status: 'answered',
        missing: [],
        told: parameters,
      })
      const agentId = from === '+15550100003' ? NURSE : undefined
      expect({ from, agentId: routing.agent_id }).toEqual({ from, agentId })
    }
  })

  test('answers in time, and by name, with a desk that hangs (P1)', async () => {
    await using clinic = await connectClinic(NOW)
    await turnKnobs(clinic.deskUrl, { delayMs: 9_000 })
    const run = await clinic.intake('+15550100001')
    expect(run.parameters).toMatchObject({ customer_name: 'Ada', open_tickets: 0 })
    expect(run.missing).toEqual([{ name: 'tickets', reason: 'timed_out', step: 'tickets' }])
    expect(run.durationMs).toBeLessThan(run.budgetMs)
  })

  test('answers with a desk that fails and a practice whose tables are gone (P1)', async () => {
    await using clinic = await connectClinic(NOW)
    await turnKnobs(clinic.deskUrl, { failWith: 503 })
    await clinic.query('drop schema clinic cascade')
    const run = await clinic.intake('+15550100001')
    expect(run).toMatchObject({ status: 'partial', parameters: { customer_name: 'there' } })
    expect(run.missing.map(({ reason }) => reason)).toEqual(['failed', 'failed', 'failed'])
  })
})

describe('after a call, in the systems themselves', () => {
  const upset = madeUpCall({
    said: ['You charged me twice', 'Please have a manager call me back'],
    analysis: { sentiment: -0.8 },
  })

  test('everything is there once, though every step was run twice (J3)', async () => {
    await using clinic = await connectClinic(NOW)
    await clinic.run(afterVisit, upset)
    await clinic.run(afterVisit, upset)
    expect(await clinic.query('select patient_id, subject from clinic.activities')).toEqual([
      { patient_id: 1, subject: 'Phone call: callback' },
    ])
    expect(await clinic.query('select * from clinic.call_facts')).toMatchObject([
      { duration_seconds: 60, sentiment: -0.8, sentiment_source: 'analysis', wish: 'callback' },
    ])
    expect(
      await clinic.query(
        `select subject, priority, description from clinic.tickets
         where external_id = '${upset.uuid}'`,
      ),
    ).toEqual([
      {
        subject: 'Caller asks: callback',
        priority: 'high',
        description: 'Please have a manager call me back',
      },
    ])
    expect(await clinic.query('select id, kind from clinic.alerts')).toEqual([
      { id: `${upset.uuid}:upset`, kind: 'upset' },
    ])
    const mails = await clinic.query(
      'select "to", subject, times_received from clinic.mails order by received_at',
    )
    expect(mails).toEqual([
      {
        to: 'team@harborstreet.example',
        subject: 'Please call back +15550100001',
        times_received: 2,
      },
      { to: 'ada.okafor@example.com', subject: 'We are sorry', times_received: 2 },
    ])
  })

  test('an emergency is told while the call goes on', async () => {
    await using clinic = await connectClinic(NOW)
    const call = madeUpCall({ said: ['I have chest pain'], ended_at: null, duration: null })
    await clinic.run(emergency, call)
    expect(await clinic.query('select kind, detail from clinic.alerts')).toEqual([
      { kind: 'emergency', detail: 'I have chest pain' },
    ])
    expect(clinic.lines).toEqual([
      'mail to team@harborstreet.example: Emergency on the line: +15550100001',
    ])
  })
})
