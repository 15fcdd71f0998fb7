// What the screen of deliveries keeps in its address.

import { type DeliveryStatus, deliveryStatuses } from '@bookend/contract'

export interface DeliveriesSearch {
  status?: DeliveryStatus
  endpoint?: string
  type?: string
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

export function parseDeliveriesSearch(search: Record<string, unknown>): DeliveriesSearch {
  const status = deliveryStatuses.find((each) => each === search['status'])
  const endpoint = textOf(search['endpoint'])
  const type = textOf(search['type'])
  return {
    ...(status && { status }),
    ...(endpoint !== '' && { endpoint }),
    ...(type !== '' && { type }),
  }
}
