import { describe, expect, test } from 'vitest'
import { followUpMail } from './follow-up-mail.ts'

const patient = {
  id: 1,
  first_name: 'Ada',
  last_name: 'Okafor',
  email: 'ada@example.com',
  vip: true,
  member_since: '2019-05-04',
}

describe('the mail after a call', () => {
  test('says what happens next, and the next appointment', () => {
    const appointment = { starts_at: '2026-11-27T19:30:00Z', doctor: 'Dr. Lindqvist' }
    const { subject, text } = followUpMail({
      patient,
      wish: 'prescription',
      isUpset: false,
      appointment,
    })
    expect(subject).toBe('Your call to Harbor Street Clinic')
    expect(text).toMatch(/^Dear Ada,\n\nThank you/)
    expect(text).toContain('prescription is with the practice')
    expect(text).toContain('Friday, November 27 at 2:30 PM with Dr. Lindqvist.')
  })

  test('apologises to an upset caller', () => {
    const mail = followUpMail({ patient, wish: null, isUpset: true, appointment: null })
    expect(mail.subject).toBe('We are sorry')
    expect(mail.text).toContain('will call you')
    expect(mail.text).not.toContain('null')
  })
})
