import type { Delivery, DeliveryAttempt, DeliveryStatus } from '@bookend/contract'
import type { State } from '../../theme/states.ts'
import { renderEnd } from './error-words.ts'

export const DELIVERY_WORDS = {
  pending: 'waiting',
  delivered: 'delivered',
  dead: 'given up',
  cancelled: 'superseded',
} as const satisfies Record<DeliveryStatus, string>

/** Why each is in that state, for whoever has not read the guide. */
export const DELIVERY_REASONS = {
  pending: 'It is sent as soon as it is due.',
  delivered: 'The endpoint took it, with a 2xx.',
  dead: 'Every try of its schedule failed. It is sent again only when somebody asks.',
  cancelled: 'A later event says all it would have said, or its subscription ended.',
} as const satisfies Record<DeliveryStatus, string>

const isSuccess = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300

export const stateOfAttempt = ({ error, status }: DeliveryAttempt): State =>
  error === null && isSuccess(status) ? 'ok' : 'failed'

/** The tries so far and how the last one ended: `3 tries, last HTTP 500`. */
export function renderTries({ attempts, last_status, last_error, status }: Delivery): string {
  if (attempts === 0) return 'not tried yet'
  const tries = `${attempts} ${attempts === 1 ? 'try' : 'tries'}`
  const last = renderEnd(last_status, status === 'delivered' ? null : last_error)
  return last === null ? tries : `${tries}, last ${last}`
}
