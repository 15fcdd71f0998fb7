import type { Appointment, Patient } from '../lookups/practice.ts'
import { OPENING_HOURS, sayInstant } from './clinic-time.ts'
import type { Wish } from './caller-wish.ts'

const NEXT: Readonly<Record<Wish, string>> = {
  appointment: 'Our front desk confirms every booking or change within one working day.',
  prescription: 'Your request for a prescription is with the practice; it takes up to two days.',
  billing: 'Our billing team looks into your question and writes to you.',
  results: 'A doctor reads your results before we share them; we call you as soon as that is done.',
  callback: 'Somebody calls you back during our opening hours.',
}

export interface FollowUp {
  readonly patient: Patient
  readonly wish: Wish | null
  readonly isUpset: boolean
  readonly appointment: Appointment | null
}

/** Says what happens next. Nothing the caller said is repeated: mail is not a private place. */
export function followUpMail({ patient, wish, isUpset, appointment }: FollowUp): {
  readonly subject: string
  readonly text: string
} {
  const paragraphs = [
    `Dear ${patient.first_name},`,
    isUpset
      ? 'We are sorry that we let you down. A member of our team has been told and will call you.'
      : 'Thank you for your call.',
    wish === null ? null : NEXT[wish],
    appointment === null
      ? null
      : `Your next appointment: ${sayInstant(new Date(appointment.starts_at))} with ${appointment.doctor}.`,
    `We are open ${OPENING_HOURS}.`,
    'Harbor Street Clinic',
  ]
  const subject = isUpset ? 'We are sorry' : 'Your call to Harbor Street Clinic'
  return { subject, text: paragraphs.filter((line) => line !== null).join('\n\n') }
}
