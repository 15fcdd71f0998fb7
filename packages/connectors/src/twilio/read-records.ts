// Twilio's messages and calls as the actions answer them. Its numbers are texts, its dates those of mail.

import { ConnectorFault, type FaultVerdict } from '@bookend/core'
import { z } from 'zod'
import type { PhoneCall, Sms } from './schema.ts'

const text = z.string().nullable().optional()

const MessageAnswer = z.object({
  sid: z.string().min(1),
  status: z.string().min(1),
  direction: text,
  from: text,
  to: text,
  body: text,
  num_segments: text,
  error_code: z.number().int().nullable().optional(),
  date_sent: text,
})

const CallAnswer = z.object({
  sid: z.string().min(1),
  status: z.string().min(1),
  direction: text,
  from: text,
  to: text,
  answered_by: text,
  duration: text,
  start_time: text,
  end_time: text,
})

/** @throws {ConnectorFault} The verdict is the caller's: only it knows what was asked. */
export function readMessage(body: unknown, fault: FaultVerdict): Sms {
  const { success, data } = MessageAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(fault)
  return {
    id: data.sid,
    status: data.status,
    direction: data.direction ?? null,
    from: data.from ?? null,
    to: data.to ?? null,
    text: data.body ?? null,
    segments: numberOf(data.num_segments),
    error_code: data.error_code?.toString() ?? null,
    sent_at: instantOf(data.date_sent),
  }
}

export function readCall(body: unknown, fault: FaultVerdict): PhoneCall {
  const { success, data } = CallAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(fault)
  return {
    id: data.sid,
    status: data.status,
    direction: data.direction ?? null,
    from: data.from ?? null,
    to: data.to ?? null,
    answered_by: data.answered_by ?? null,
    duration_seconds: numberOf(data.duration),
    started_at: instantOf(data.start_time),
    ended_at: instantOf(data.end_time),
  }
}

const numberOf = (value: string | null | undefined): number | null =>
  /^\d{1,9}$/.test(value ?? '') ? Number(value) : null

function instantOf(value: string | null | undefined): string | null {
  const at = new Date(value ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
