// What the workflows ask the practice's database. Rows are parsed here, so that one that is not as
// it should be fails its own step. Days and instants leave SQL as text: no driver's opinion of them.

import type { HandlesOf } from '@bookend/sdk'
import { z } from 'zod'

export type Practice = HandlesOf<{ practice: 'postgres/clinic' }>['practice']

const PatientRow = z.object({
  id: z.number().int(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string().nullable(),
  vip: z.boolean(),
  member_since: z.iso.date(),
})
const AppointmentRow = z.object({ starts_at: z.iso.datetime(), doctor: z.string() })
const CaseRow = z.object({ title: z.string(), urgency: z.enum(['routine', 'urgent']) })
const InsuranceRow = z.object({ provider: z.string(), valid_until: z.iso.date() })
const InvoiceRow = z.object({ amount_cents: z.number().int(), due_on: z.iso.date() })
const SettingRow = z.object({ value: z.string() })

export type Patient = z.infer<typeof PatientRow>
export type Appointment = z.infer<typeof AppointmentRow>
export type Case = z.infer<typeof CaseRow>
export type Insurance = z.infer<typeof InsuranceRow>
export type Invoice = z.infer<typeof InvoiceRow>

export async function findPatients(practice: Practice, phone: string): Promise<Patient[]> {
  const sql = `
    select id, first_name, last_name, email, vip, member_since::text
    from clinic.patients where phone = $1 order by id`
  const { rows } = await practice.row.query({ sql, values: [phone], limit: 5 })
  return z.array(PatientRow).parse(rows)
}

/** The soonest first, after the instant `after` (ISO 8601). */
export async function findNextAppointment(
  practice: Practice,
  patientId: number,
  after: string,
): Promise<Appointment | null> {
  const sql = `
    select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as starts_at, doctor
    from clinic.appointments
    where patient_id = $1 and status = 'booked' and starts_at > $2::timestamptz
    order by clinic.appointments.starts_at limit 1`
  return AppointmentRow.nullable().parse(
    await practice.row.queryOne({ sql, values: [patientId, after] }),
  )
}

/** Open ones, the urgent first. */
export async function findOpenCases(practice: Practice, patientId: number): Promise<Case[]> {
  const sql = `
    select title, urgency from clinic.cases
    where patient_id = $1 and status = 'open'
    order by urgency = 'urgent' desc, opened_at desc`
  const { rows } = await practice.row.query({ sql, values: [patientId], limit: 20 })
  return z.array(CaseRow).parse(rows)
}

export async function findInsurance(
  practice: Practice,
  patientId: number,
): Promise<Insurance | null> {
  const sql = `
    select provider, valid_until::text from clinic.insurance
    where patient_id = $1 order by clinic.insurance.valid_until desc limit 1`
  return InsuranceRow.nullable().parse(await practice.row.queryOne({ sql, values: [patientId] }))
}

export async function findUnpaidInvoices(
  practice: Practice,
  patientId: number,
): Promise<Invoice[]> {
  const sql = `
    select amount_cents, due_on::text from clinic.invoices
    where patient_id = $1 and paid_on is null`
  const { rows } = await practice.row.query({ sql, values: [patientId] })
  return z.array(InvoiceRow).parse(rows)
}

/** What set-up has written down, such as which agent answers urgent calls; null when it has not. */
export async function findSetting(practice: Practice, name: string): Promise<string | null> {
  const sql = 'select value from clinic.settings where name = $1'
  const row = SettingRow.nullable().parse(await practice.row.queryOne({ sql, values: [name] }))
  return row?.value ?? null
}
