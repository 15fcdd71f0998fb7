import { EVENT_TYPE } from '@bookend/contract'

/** @throws What `refuse` makes of the message. */
export function requireEventType(type: unknown, refuse: (message: string) => Error): void {
  if (typeof type === 'string' && type.length <= 120 && EVENT_TYPE.test(type)) return
  throw refuse(
    `"${String(type).slice(0, 80)}" is not an event type; write words joined by dots, such as sms.received`,
  )
}
