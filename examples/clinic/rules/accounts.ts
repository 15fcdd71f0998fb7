import type { Insurance, Invoice } from '../lookups/practice.ts'

export const insuranceStatuses = ['active', 'expired', 'none', 'unknown'] as const
export type InsuranceStatus = (typeof insuranceStatuses)[number]

/** A policy is good through its last day; none on file differs from a look-up that failed. */
export function insuranceStatus(
  insurance: Insurance | null | 'unknown',
  today: string,
): InsuranceStatus {
  if (insurance === 'unknown') return 'unknown'
  if (insurance === null) return 'none'
  return insurance.valid_until >= today ? 'active' : 'expired'
}

const GRACE_DAYS = 7
const DAY_MS = 86_400_000

/** What the caller owes, in dollars: unpaid invoices more than a week past due. */
export function overdueAmount(unpaid: readonly Invoice[], today: string): number {
  const lastGraceDay = new Date(Date.parse(today) - GRACE_DAYS * DAY_MS).toISOString().slice(0, 10)
  const overdue = unpaid.filter(({ due_on }) => due_on < lastGraceDay)
  return overdue.reduce((cents, { amount_cents }) => cents + amount_cents, 0) / 100
}
