import type { Role } from '@bookend/contract'

/** What each role may do, in the order of the ladder. */
export const ROLE_WORDS = {
  admin: 'Everything, and says who may what',
  operator: 'Changes, operates and reveals anywhere',
  support: 'Answers handoffs, reveals in those of their team',
  viewer: 'Reads, with personal data masked',
} as const satisfies Record<Role, string>
