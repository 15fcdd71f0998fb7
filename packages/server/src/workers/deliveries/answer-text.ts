import { storableText, type HttpPhases } from '@bookend/core'
import type { DeliveryAttempt } from '@bookend/contract'

const KEPT_BYTES = 8_192

/** The first 8 KiB of an answer as text; a character cut in two at the end is left out. */
export function answerText(body: Uint8Array): string {
  const decoder = new TextDecoder()
  return storableText(decoder.decode(body.subarray(0, KEPT_BYTES), { stream: true }))
}

export const renderPhases = (phases: HttpPhases): NonNullable<DeliveryAttempt['phases']> => ({
  queued_ms: phases.queuedMs,
  dns_ms: phases.dnsMs,
  connect_ms: phases.connectMs,
  tls_ms: phases.tlsMs,
  send_ms: phases.sendMs,
  wait_ms: phases.waitMs,
  receive_ms: phases.receiveMs,
})
