import type { JourneyCall } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { endedCall } from '../testing/ended-call.ts'
import { runJourney } from '../testing/run-journey.ts'
import afterVisit from './after-visit-call.journey.ts'
import emergency from './emergency-alert.journey.ts'

const ada = {
  id: 1,
  first_name: 'Ada',
  last_name: 'Okafor',
  email: 'ada@example.com',
  vip: true,
  member_since: '2019-05-04',
}

/** The clinic's systems, keeping what they were told: rows by table and key, tickets, mails. */
function clinicOf({ patients = [ada], cases = [] as object[] } = {}) {
  const rows = new Map<string, any>()
  const tickets = new Map<string, any>()
  const mails: any[] = []
  return {
    rows,
    tickets,
    mails,
    connections: {
      practice: {
        row: {
          query: async ({ sql }: any) => ({
            rows: sql.includes('clinic.patients') ? patients : cases,
          }),
          queryOne: async ({ sql, values }: any) =>
            sql.includes('clinic.alerts') ? (rows.get(`clinic.alerts ${values[0]}`) ?? null) : null,
          upsert: async ({ table, key, row }: any) => {
            rows.set(`${table} ${key.map((column: string) => row[column]).join()}`, row)
            return { count: 1 }
          },
        },
      },
      desk: {
        request: {
          send: async ({ path, body }: any) => {
            tickets.set(path.join('/'), body)
            return { status: 201, body: null }
          },
        },
      },
      relay: {
        email: {
          send: async (mail: any) => {
            mails.push(mail)
            return { id: `<${mails.length}@x>`, status: 'accepted' }
          },
        },
      },
    },
  }
}

const BOOKING = ['I need to move my appointment', 'Great, thank you']
const UPSET = ['This is the third time, unacceptable', 'Terrible. Have a manager call me back']
const stepsOf = async (call: JourneyCall, clinic = clinicOf()) => {
  const { finished } = await runJourney(afterVisit, { call, connections: clinic.connections })
  return [...finished.keys()]
}

describe('after a call', () => {
  test('a wish becomes a ticket, the conversation a file, and the patient gets a mail', async () => {
    const clinic = clinicOf()
    const call = endedCall(BOOKING)
    expect(await stepsOf(call, clinic)).toEqual([
      'patient',
      'activity',
      'facts',
      'ticket',
      'settle',
      'mail',
    ])
    expect(clinic.rows.get(`clinic.activities ${call.uuid}`)).toMatchObject({
      patient_id: 1,
      subject: 'Phone call: appointment',
      transcript: 'Caller: I need to move my appointment\nCaller: Great, thank you',
    })
    expect(clinic.rows.get(`clinic.call_facts ${call.uuid}`)).toMatchObject({
      duration_seconds: 60,
      sentiment_source: 'words',
      wish: 'appointment',
      agent: 'Front Desk',
      patient_known: true,
    })
    expect(clinic.tickets.get(`tickets/${call.uuid}`)).toMatchObject({
      phone: '+15550100001',
      priority: 'normal',
      description: 'I need to move my appointment',
    })
    expect(clinic.mails).toMatchObject([{ to: ['ada@example.com'] }])
  })

  test('that left the caller upset, the team is told before anything waits', async () => {
    const clinic = clinicOf()
    const steps = await stepsOf(endedCall(UPSET), clinic)
    expect(steps.indexOf('alert-mail')).toBeLessThan(steps.indexOf('settle'))
    expect(clinic.mails.map(({ subject }) => subject)).toEqual([
      'Please call back +15550100001',
      'We are sorry',
    ])
    expect([...clinic.tickets.values()]).toMatchObject([{ priority: 'high' }])
  })

  test('that asked for nothing, an open case is reason enough for a ticket', async () => {
    const cases = [{ title: 'Wound check', urgency: 'routine' }]
    const clinic = clinicOf({ cases })
    await stepsOf(endedCall(['Hello']), clinic)
    expect([...clinic.tickets.values()]).toMatchObject([{ description: 'Wound check' }])
    expect(await stepsOf(endedCall(['Hello']))).not.toContain('ticket')
  })

  test.each([
    ['an unknown caller', []],
    ['a patient without an address', [{ ...ada, email: null }]],
    ['a shared number', [ada, { ...ada, id: 2, first_name: 'Eli' }]],
  ])('of %s there is no mail', async (_, patients) => {
    const clinic = clinicOf({ patients: patients as (typeof ada)[] })
    expect(await stepsOf(endedCall(BOOKING), clinic)).not.toContain('mail')
    expect(clinic.mails).toEqual([])
  })

  test('goes on wherever it was cut off, and does nothing twice (J3)', async () => {
    const call = endedCall(UPSET)
    const whole = await stepsOf(call)
    for (const cutAt of whole) {
      const clinic = clinicOf()
      const { connections } = clinic
      const journal = await runJourney(afterVisit, { call, connections, cutAt })
      expect([...journal.finished.keys()]).not.toContain(cutAt)
      await runJourney(afterVisit, { call, connections, journal })
      expect([...journal.finished.keys()].toSorted()).toEqual(whole.toSorted())
      expect(clinic.mails).toHaveLength(2)
    }
  })

  test('there is work only where somebody was on the line', () => {
    const starts = (call: JourneyCall) => afterVisit.matches({ call, event: undefined as never })
    expect(starts(endedCall([], { duration: 0 }))).toBe(false)
    expect(starts(endedCall([], { duration: null }))).toBe(false)
    expect(starts(endedCall(['Hello'], { duration: 0 }))).toBe(true)
    expect(starts(endedCall([], { duration: 1 }))).toBe(true)
  })

  test('callers go in order each, and withheld numbers side by side (J5)', () => {
    const keyOf = (call: JourneyCall) => afterVisit.keyOf({ call, event: undefined as never })
    expect(keyOf(endedCall([]))).toBe('+15550100001')
    expect(keyOf(endedCall([], { from_number: 'anonymous', from_number_e164: null }))).toBeNull()
  })
})

const updateOf = (sequences: number[]) => ({
  event_id: 'evt_1',
  event_type: 'call.transcript_update',
  created_at: '2026-11-26T15:00:00.000Z',
  payload: { sequences },
})

describe('an emergency on the line', () => {
  const call = endedCall(['Hello', 'I have chest pain'], { ended_at: null, duration: null })

  test('reaches the team in the caller’s own words', async () => {
    const { connections, rows, mails } = clinicOf()
    expect(emergency.matches({ call, event: updateOf([0, 1]) })).toBe(true)
    await runJourney(emergency, { call, connections })
    expect(rows.get(`clinic.alerts ${call.uuid}:emergency`)).toMatchObject({ kind: 'emergency' })
    expect(mails).toMatchObject([{ text: expect.stringContaining('"I have chest pain"') }])
  })

  test('is told once, however often it is named', async () => {
    const { connections, mails } = clinicOf()
    await runJourney(emergency, { call, connections })
    await runJourney(emergency, { call, connections })
    expect(mails).toHaveLength(1)
  })

  test('is not found again in an update that brings other words', () => {
    expect(emergency.matches({ call, event: updateOf([0]) })).toBe(false)
    const silent = { ...updateOf([]), payload: {} }
    expect(emergency.matches({ call, event: silent })).toBe(true)
  })

  test('is not made of calm words', () => {
    const calm = endedCall(BOOKING)
    expect(emergency.matches({ call: calm, event: updateOf([0, 1]) })).toBe(false)
  })
})
