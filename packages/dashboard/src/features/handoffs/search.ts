// What the handoffs screen keeps in the address.

import { type HandoffStatus, handoffStatuses } from '@bookend/contract'

export interface HandoffsSearch {
  /** Open ones when left out. */
  status?: HandoffStatus
}

export function parseHandoffsSearch(search: Record<string, unknown>): HandoffsSearch {
  const status = handoffStatuses.find((each) => each === search['status'])
  return status === undefined || status === 'open' ? {} : { status }
}
