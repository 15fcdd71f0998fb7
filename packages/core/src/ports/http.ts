import type { StopSignal } from './stop-signal.ts'

/**
 * Why an exchange gave no answer. These words are all that an owner sees of a failure; the text of
 * the underlying error, the address behind a name and the state of a port stay inside.
 *
 * | Code | Meaning |
 * |---|---|
 * | `invalid_url` | does not parse, or breaks the rules on scheme, userinfo, port or length |
 * | `invalid_header` | a name or value that may not be sent |
 * | `blocked` | the name or address is not allowed as a target |
 * | `dns_error` | the name has no usable address |
 * | `connection_refused` | no connection could be opened |
 * | `connection_reset` | the connection was lost, or did not speak HTTP, before the end |
 * | `tls_error` | certificate or protocol |
 * | `timeout` | the deadline passed, or the caller gave up |
 * | `headers_too_large`, `response_too_large`, `unsupported_encoding` | limits on the answer |
 * | `redirect_refused` | the answer was a 3xx |
 * | `throttled`, `circuit_open`, `proxy_error` | our own limits and equipment |
 */
export type OutgoingCode =
  | 'invalid_url'
  | 'blocked'
  | 'dns_error'
  | 'connection_refused'
  | 'connection_reset'
  | 'tls_error'
  | 'timeout'
  | 'headers_too_large'
  | 'response_too_large'
  | 'unsupported_encoding'
  | 'redirect_refused'
  | 'throttled'
  | 'circuit_open'
  | 'proxy_error'
  | 'invalid_header'

export interface HttpRequest {
  /** The last are those of WebDAV, which read. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'PROPFIND' | 'REPORT'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The whole exchange, from the name's look-up to the last byte of the answer. */
  readonly totalMs: number
  /** Opening a connection, inside `totalMs`; without it only `totalMs` counts. */
  readonly connectMs?: number
  /** Counted after decoding. */
  readonly maxBodyBytes: number
  /** Giving up early reads as `timeout`. */
  readonly signal?: StopSignal
  /** PEM of the authorities to trust instead of the public ones. */
  readonly ca?: string
  /** What it does over there, where that is not what its action does: a dry run sends a read. */
  readonly effect?: 'read' | 'write'
}

/**
 * Where the time went, in milliseconds. `null` is a phase the exchange never entered: a reused
 * connection has no look-up, and a refused one no answer. The phase in which an exchange failed
 * lasts until the failure.
 */
export interface HttpPhases {
  readonly queuedMs: number | null
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly sendMs: number | null
  readonly waitMs: number | null
  readonly receiveMs: number | null
  readonly totalMs: number
}

export type HttpResult =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Names in lower case; values of a repeated name are joined by a comma. */
      readonly headers: Readonly<Record<string, string>>
      readonly body: Uint8Array
      readonly sent: true
      readonly phases: HttpPhases
      readonly reusedConnection: boolean
    }
  | {
      readonly kind: 'failed'
      readonly code: OutgoingCode
      /** The request was handed to the socket, so the other side may have acted on it. */
      readonly sent: boolean
      readonly status: number | null
      readonly phases: HttpPhases
    }

export interface HttpPort {
  /**
   * One exchange: never repeated, never redirected. Any status but a 3xx is `answered`.
   * Nothing that the network or the target does makes it reject.
   */
  send(request: HttpRequest): Promise<HttpResult>
}
