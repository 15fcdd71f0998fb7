import type { HttpPort, HttpResult } from '@bookend/core'
import type { OutgoingRequest } from '@bookend/platforms'

const TOTAL_MS = 10_000
/** A record of a long call with its whole transcript. */
const BODY_BYTES_MAX = 8 * 1_048_576

/** A request to a platform's own API, through the guarded client; never rejects. */
export function askPlatform(
  outgoing: Pick<HttpPort, 'send'>,
  { method, url, headers, body }: OutgoingRequest,
  signal?: AbortSignal,
): Promise<HttpResult> {
  return outgoing.send({
    method,
    url,
    headers,
    totalMs: TOTAL_MS,
    maxBodyBytes: BODY_BYTES_MAX,
    ...(body === undefined ? {} : { body: encode(headers, body) }),
    ...(signal === undefined ? {} : { signal }),
    effect: method === 'GET' ? 'read' : 'write',
  })
}

function encode(
  headers: OutgoingRequest['headers'],
  body: Exclude<OutgoingRequest['body'], undefined>,
): string {
  const isForm = Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && value.includes('form-urlencoded'),
  )
  if (!isForm || typeof body !== 'object' || body === null) return JSON.stringify(body)
  const textOf = (value: unknown): string =>
    typeof value === 'string' ? value : JSON.stringify(value)
  // A list is a field that is there several times.
  const fields = Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, textOf(one)]),
  )
  return new URLSearchParams(fields).toString()
}
