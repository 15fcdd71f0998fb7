import type { JourneyCall } from '@bookend/core'
import { madeUpCall, simulateJourney } from '@bookend/sdk/testing'
import { describe, expect, test } from 'vitest'
import afterVisit from './after-visit-call.journey.ts'
import emergency from './emergency-alert.journey.ts'

const ada = {
  id: 1,
  first_name: 'Ada',
  last_name: 'Okafor',
  email: 'ada@example.com' as string | null,
  vip: true,
  member_since: '2019-05-04',
}

/** What the practice answers; what is written to it, the desk and the mail server is in the effects. */
const practiceOf = ({ patients = [ada], cases = [] as object[] } = {}) => ({
  'practice.row.query': ({ sql }: { sql: string }) => ({
    rows: sql.includes('clinic.patients') ? patients : cases,
  }),
  'practice.row.query_one': () => null,
})

const BOOKING = ['I need to move my appointment', 'Great, thank you']
const UPSET = ['This is the third time, unacceptable', 'Terrible. Have a manager call me back']
const call = { agent_name: 'Front Desk' }

/** The whole of it, from the end of the call to the mail some time after it. */
async function afterCall(said: readonly string[], practice = practiceOf()) {
  const run = await simulateJourney(afterVisit, { call: { ...call, said } }, practice)
  await run.finish()
  expect(run.status).toBe('completed')
  return run
}

type Run = Awaited<ReturnType<typeof simulateJourney>>
const namesOf = (run: Run): string[] => run.steps.map(({ name }) => name)
const inputsOf = (run: Run, use: string): any[] =>
  run.effects.filter((effect) => effect.use === use).map(({ input }) => input)
const ticketsOf = (run: Run): any[] => inputsOf(run, 'desk.request.send').map(({ body }) => body)
const mailsOf = (run: Run): any[] => inputsOf(run, 'relay.email.send')
const rowOf = (run: Run, table: string): any =>
  inputsOf(run, 'practice.row.upsert').find((input) => input.table === table)?.row

describe('after a call', () => {
  test('a wish becomes a ticket, the conversation a file, and the patient gets a mail', async () => {
    const run = await afterCall(BOOKING)
    expect(namesOf(run)).toEqual(['patient', 'activity', 'facts', 'ticket', 'settle', 'mail'])
    expect(rowOf(run, 'clinic.activities')).toMatchObject({
      patient_id: 1,
      subject: 'Phone call: appointment',
      transcript: 'Caller: I need to move my appointment\nCaller: Great, thank you',
    })
    expect(rowOf(run, 'clinic.call_facts')).toMatchObject({
      duration_seconds: 60,
      sentiment_source: 'words',
      wish: 'appointment',
      agent: 'Front Desk',
      patient_known: true,
    })
    expect(ticketsOf(run)).toMatchObject([
      {
        phone: '+15550100001',
        priority: 'normal',
        description: 'I need to move my appointment',
      },
    ])
    expect(mailsOf(run)).toMatchObject([{ to: ['ada@example.com'] }])
  })

  test('that left the caller upset, the team is told before anything waits', async () => {
    const run = await simulateJourney(afterVisit, { call: { ...call, said: UPSET } }, practiceOf())
    expect(run.status).toBe('waiting')
    expect(mailsOf(run)).toMatchObject([{ subject: 'Please call back +15550100001' }])
    await run.finish()
    expect(mailsOf(run)[1]).toMatchObject({ subject: 'We are sorry' })
    expect(ticketsOf(run)).toMatchObject([{ priority: 'high' }])
  })

  test('that asked for nothing, an open case is reason enough for a ticket', async () => {
    const cases = [{ title: 'Wound check', urgency: 'routine' }]
    const run = await afterCall(['Hello'], practiceOf({ cases }))
    expect(ticketsOf(run)).toMatchObject([{ description: 'Wound check' }])
    expect(namesOf(await afterCall(['Hello']))).not.toContain('ticket')
  })

  test.each([
    ['an unknown caller', []],
    ['a patient without an address', [{ ...ada, email: null }]],
    ['a shared number', [ada, { ...ada, id: 2, first_name: 'Eli' }]],
  ])('of %s there is no mail', async (_, patients) => {
    const run = await afterCall(BOOKING, practiceOf({ patients }))
    expect(namesOf(run)).not.toContain('mail')
    expect(mailsOf(run)).toEqual([])
  })

  test('goes on in another process, and does nothing twice (J3)', async () => {
    const whole = await afterCall(UPSET)
    const run = await simulateJourney(afterVisit, { call: { ...call, said: UPSET } }, practiceOf())
    await run.restart()
    await run.restart()
    await run.finish()
    expect(run.effects).toEqual(whole.effects)
  })

  test('there is work only where somebody was on the line', () => {
    const starts = (call: JourneyCall) => afterVisit.matches({ call, event: undefined as never })
    expect(starts(madeUpCall({ duration: 0 }))).toBe(false)
    expect(starts(madeUpCall({ duration: null }))).toBe(false)
    expect(starts(madeUpCall({ duration: 0, said: ['Hello'] }))).toBe(true)
    expect(starts(madeUpCall({ duration: 1 }))).toBe(true)
  })

  test('callers go in order each, and withheld numbers side by side (J5)', () => {
    const keyOf = (call: JourneyCall) => afterVisit.keyOf({ call, event: undefined as never })
    expect(keyOf(madeUpCall())).toBe('+15550100001')
    expect(keyOf(madeUpCall({ from_number: 'anonymous', from_number_e164: null }))).toBeNull()
  })
})

describe('an emergency on the line', () => {
  const hear = (lines: string[]) =>
    simulateJourney(
      emergency,
      { call: { ended_at: null, duration: null, said: lines } },
      practiceOf(),
    )

  test('reaches the team in the caller’s own words, and marks the call', async () => {
    const run = await hear(['Hello', 'I have chest pain'])
    expect(run.status).toBe('completed')
    expect(rowOf(run, 'clinic.alerts')).toMatchObject({ kind: 'emergency' })
    expect(mailsOf(run)).toMatchObject([{ text: expect.stringContaining('"I have chest pain"') }])
    expect(run.tags).toEqual(['emergency'])
  })

  test('is not made of calm words', async () => {
    expect((await hear(BOOKING)).status).toBe('not_started')
  })
})
