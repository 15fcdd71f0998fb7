import { fieldsOf, idOf, isFields, numberOf, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoFromText } from '../read/times.ts'

export interface Delivery {
  readonly type: string
  readonly id: string | null
  readonly payload: Fields
  readonly occurredAt: string | null
  readonly attempt: number
}

/** The event inside its wrapper; null when there is none. */
export function readDelivery(bytes: Uint8Array): Delivery | null {
  const body = parseJsonBody(bytes)
  if (!isFields(body) || !isFields(body['data'])) return null
  const { data } = body
  return {
    type: idOf(data['event_type']) ?? '',
    id: idOf(data['id']),
    payload: fieldsOf(data['payload']),
    occurredAt: isoFromText(data['occurred_at']),
    attempt: Math.max(1, Math.trunc(numberOf(fieldsOf(body['meta'])['attempt']) ?? 1)),
  }
}
