// What an action would send, without sending it: the HTTP of a dry run.
//
// D1. Nothing that writes leaves; the first of it ends the run, for what would follow depends on an
//     answer that there is not.
// D2. No credential is kept: of headers only those that say what the body is and which effect it is.

import type { HttpPort, HttpRequest } from '../ports/http.ts'

export interface CapturedRequest {
  readonly method: HttpRequest['method']
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Its beginning; null where there is none, or where it is no text. */
  readonly body: string | null
}

/** Thrown into the action in place of an answer; whoever runs the dry run catches it. */
export class WriteCapturedError extends Error {
  override readonly name = 'WriteCapturedError'
  readonly captured: CapturedRequest

  constructor(captured: CapturedRequest) {
    super('A dry run sends nothing')
    this.captured = captured
  }
}

const BODY_MAX = 8_192
const SHOWN: ReadonlySet<string> = new Set(['accept', 'content-type', 'if-match', 'if-none-match'])

/** A port that answers reads and keeps the first write as a `WriteCapturedError`. */
export function captureWrites(http: HttpPort): HttpPort {
  return {
    send(request) {
      if (request.effect === 'read') return http.send(request)
      return Promise.reject(new WriteCapturedError(capture(request)))
    },
  }
}

function capture({ method, url, headers = {}, body }: HttpRequest): CapturedRequest {
  const shown = Object.entries(headers).filter(([name]) => isShown(name.toLowerCase()))
  const text = typeof body === 'string' ? body.slice(0, BODY_MAX) : null
  return { method, url, headers: Object.fromEntries(shown), body: text }
}

const isShown = (name: string): boolean => SHOWN.has(name) || name.includes('idempotency')
