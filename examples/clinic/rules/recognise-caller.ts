import type { Patient } from '../lookups/practice.ts'

export type Caller =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'patient'; readonly patient: Patient }
  | { readonly kind: 'household'; readonly names: string }

/**
 * Who a number belongs to. One shared by several patients names them and nothing more: whose
 * appointments may be told is known only once the caller has said who is calling.
 */
export function recogniseCaller(patients: readonly Patient[]): Caller {
  const [first] = patients
  if (first === undefined) return { kind: 'unknown' }
  if (patients.length === 1) return { kind: 'patient', patient: first }
  const names = patients.map(({ first_name, last_name }) => `${first_name} ${last_name}`)
  return { kind: 'household', names: names.join(' or ') }
}

const VIP_YEARS = 10

/** Marked by the practice, or with it for ten years. Days are the clinic's, as `2026-11-26`. */
export function isVip({ vip, member_since }: Patient, today: string): boolean {
  const since = Number(member_since.slice(0, 4)) + VIP_YEARS
  return vip || `${since}${member_since.slice(4)}` <= today
}
