// Before the first word: who is calling, and what the agent should know.
//
//   tickets (HTTP desk) ───────────────────────────────────────┐
//   patient, desks ─▶ appointments, cases, insurance, invoices ─┴▶ rules ─▶ parameters, route
//
// A hung desk costs `open_tickets`; a hung database costs what it holds. The caller is answered.

import { preCall } from '@bookend/sdk'
import { z } from 'zod'
import { findOpenTickets } from '../lookups/desk.ts'
import {
  findInsurance,
  findNextAppointment,
  findOpenCases,
  findPatients,
  findSetting,
  findUnpaidInvoices,
} from '../lookups/practice.ts'
import { insuranceStatus, insuranceStatuses, overdueAmount } from '../rules/accounts.ts'
import { clinicDay, isOpen, OPENING_HOURS, sayInstant } from '../rules/clinic-time.ts'
import { isVip, recogniseCaller } from '../rules/recognise-caller.ts'

const parameters = z.object({
  customer_name: z.string().max(60),
  patient_known: z.boolean(),
  household: z.string().max(300),
  vip: z.boolean(),
  next_appointment: z.string().max(200),
  open_cases: z.number().int().min(0),
  urgent_case: z.string().max(200),
  open_tickets: z.number().int().min(0),
  insurance_status: z.enum(insuranceStatuses),
  overdue_amount: z.number().min(0),
  clinic_open: z.boolean(),
  opening_hours: z.string().max(200),
})

const fallback: z.output<typeof parameters> = {
  customer_name: 'there',
  patient_known: false,
  household: '',
  vip: false,
  next_appointment: 'unknown',
  open_cases: 0,
  urgent_case: '',
  open_tickets: 0,
  insurance_status: 'unknown',
  overdue_amount: 0,
  clinic_open: true,
  opening_hours: OPENING_HOURS,
}

export default preCall('clinic-intake', {
  budget: '4s',
  connections: { practice: 'postgres/clinic', desk: 'http/desk' },
  parameters,
  fallback,

  async run({ call, agent, step, connections: { practice, desk } }) {
    const at = new Date(call.timestamp)
    const today = clinicDay(at)
    const brief = { timeout: '800ms' } as const

    const tickets = step('tickets', () => findOpenTickets(desk, call.from_number), {
      timeout: '1.5s',
      default: [],
    })
    const [patients, nurse] = await Promise.all([
      step('patient', () => findPatients(practice, call.from_number), { ...brief, default: [] }),
      step('desks', () => findSetting(practice, 'agent:Urgent Nurse'), { ...brief, default: null }),
    ])

    const caller = recogniseCaller(patients)
    const general = { clinic_open: isOpen(at), opening_hours: OPENING_HOURS }
    if (caller.kind !== 'patient') {
      return {
        parameters: {
          ...fallback,
          ...general,
          patient_known: caller.kind === 'household',
          household: caller.kind === 'household' ? caller.names : '',
          next_appointment: 'unknown until the caller has said who is calling',
          open_tickets: (await tickets).length,
        },
      }
    }

    const { id, first_name } = caller.patient
    const [appointment, cases, insurance, invoices] = await Promise.all([
      step('appointments', () => findNextAppointment(practice, id, call.timestamp), {
        ...brief,
        default: 'unknown' as const,
      }),
      step('cases', () => findOpenCases(practice, id), { ...brief, default: [] }),
      step('insurance', () => findInsurance(practice, id), {
        ...brief,
        default: 'unknown' as const,
      }),
      step('invoices', () => findUnpaidInvoices(practice, id), { ...brief, default: [] }),
    ])
    const urgent = cases.find(({ urgency }) => urgency === 'urgent')
    const toNurse = urgent !== undefined && nurse !== null && nurse !== agent.id
    return {
      agent_id: toNurse ? nurse : undefined,
      parameters: {
        ...general,
        customer_name: first_name,
        patient_known: true,
        household: '',
        vip: isVip(caller.patient, today),
        next_appointment: sayAppointment(appointment),
        open_cases: cases.length,
        urgent_case: urgent?.title ?? '',
        open_tickets: (await tickets).length,
        insurance_status: insuranceStatus(insurance, today),
        overdue_amount: overdueAmount(invoices, today),
      },
    }
  },
})

function sayAppointment(
  appointment: Awaited<ReturnType<typeof findNextAppointment>> | 'unknown',
): string {
  if (appointment === 'unknown') return 'unknown'
  if (appointment === null) return 'none booked'
  return `${sayInstant(new Date(appointment.starts_at))} with ${appointment.doctor}`
}
