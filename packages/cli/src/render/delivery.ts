import type { Delivery, DeliveryAttempt } from '@bookend/contract'
import { fit, padEnd, padStart, printable, renderMs } from '../terminal/text.ts'
import { renderInstant } from './instant.ts'
import { lookOfDelivery, paint } from './states.ts'
import type { View } from './waterfall.ts'

const ANSWER_LINES = 12

/** What is known of one delivery, each attempt with where its time went. */
export function renderDelivery(delivery: Delivery, view: View): string[] {
  const { style } = view
  const look = lookOfDelivery(delivery.status)
  const { next_attempt_at: next } = delivery
  const again = next === null ? '' : `, again at ${renderInstant(next)} UTC`
  return [
    style.bold(printable(delivery.event_type)),
    `${paint(style, look, `${look.glyph} ${look.word}`)}${again}`,
    `event ${printable(delivery.event_id)}, to webhook ${delivery.webhook_id}`,
    ...(delivery.call_id === null ? [] : [`of call ${delivery.call_id}`]),
    '',
    ...delivery.attempt_log.flatMap((attempt) => renderAttempt(attempt, view)),
  ]
}

function renderAttempt(attempt: DeliveryAttempt, { style, columns }: View): string[] {
  const { status, error, phases, response_body: body } = attempt
  const took = padStart(renderMs(attempt.duration_ms), 9)
  const answered = status === null ? 'no answer' : `answered ${status}`
  const number = padStart(String(attempt.attempt), 2)
  const line = `${number}  ${renderInstant(attempt.started_at)}  ${took}  ${padEnd(answered, 12)}`
  const spent = Object.entries(phases ?? {})
    .filter(([, ms]) => ms !== null)
    .map(([name, ms]) => `${name.replace(/_ms$/, '')} ${renderMs(ms ?? 0)}`)
  const said = (body ?? '').split('\n').slice(0, ANSWER_LINES)
  return [
    line.trimEnd(),
    ...(error === null ? [] : [style.red(fit(`    ↳ ${printable(error)}`, columns))]),
    ...(spent.length === 0 ? [] : [style.dim(fit(`    ${spent.join(', ')}`, columns))]),
    ...(body === null || body === undefined || body === ''
      ? []
      : said.map((text) => style.dim(fit(`    │ ${printable(text)}`, columns)))),
  ]
}
