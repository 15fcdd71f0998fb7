import type { Role } from '@bookend/contract'

/** What each role may do, in the order of the ladder. */
export const ROLE_WORDS = {
  admin: 'everything, and says who may what',
  operator: 'changes, operates and reveals anywhere',
  support: 'answers handoffs, reveals in those of their team',
  viewer: 'reads, with personal data masked',
} as const satisfies Record<Role, string>
