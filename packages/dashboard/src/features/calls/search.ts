// What the call screens keep in the address.

import { type CallStatus, callStatuses } from '@bookend/contract'

export interface CallsSearch {
  status?: CallStatus
  from?: string
}

export function parseCallsSearch(search: Record<string, unknown>): CallsSearch {
  const status = callStatuses.find((each) => each === search['status'])
  const raw = search['from']
  // The router reads digits as a number; a phone number is text.
  const from = typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim() : ''
  return { ...(status && { status }), ...(from !== '' && { from }) }
}

export interface CallSearch {
  /** Step selected in the waterfall. */
  step?: string
}

export function parseCallSearch({ step }: Record<string, unknown>): CallSearch {
  return typeof step === 'string' && step !== '' ? { step } : {}
}
