import { fieldsOf, idOf, isFields, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { readParties, type NumberFormat, type Parties } from '../rules/numbers.ts'
import type { Direction } from '../neutral.ts'

export interface Message {
  readonly type: string
  readonly fields: Fields
  readonly call: Fields
  readonly callId: string | null
}

/** `message` of a delivery; null when there is none. */
export function readMessage(bytes: Uint8Array): Message | null {
  const body = parseJsonBody(bytes)
  if (!isFields(body) || !isFields(body['message'])) return null
  const fields = body['message']
  const call = fieldsOf(fields['call'])
  return { type: idOf(fields['type']) ?? '', fields, call, callId: idOf(call['id']) }
}

/** Both numbers, which stand beside the call or inside it; a call in a browser has none. */
export function partiesOf(
  { fields, call }: Pick<Message, 'fields' | 'call'>,
  format: NumberFormat,
): Parties & { readonly direction: Direction } {
  const inside = (name: string, key: string) =>
    fieldsOf(fields[name])[key] ?? fieldsOf(call[name])[key]
  const customer = inside('customer', 'number') ?? inside('customer', 'sipUri')
  const number = inside('phoneNumber', 'number') ?? inside('phoneNumber', 'sipUri')
  const isOutbound = call['type'] === 'outboundPhoneCall'
  const parties = isOutbound
    ? readParties(number, customer, format)
    : readParties(customer, number, format)
  return { ...parties, direction: isOutbound ? 'outbound' : 'inbound' }
}
