// How a system can fail a request, at each of its phases.
//
// V1. `isDone` says whether the system acted first; what it answers is lost either way.

import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { VendorAnswer } from './vendor-request.ts'

export type Fault =
  /** Reads the request and never answers. */
  | { readonly kind: 'hang_headers'; readonly isDone: boolean }
  /** Answers by half and falls silent. */
  | { readonly kind: 'hang_body'; readonly isDone: boolean }
  /** Reads the request and drops the connection. */
  | { readonly kind: 'reset'; readonly isDone: boolean }
  /** Announces more than it sends, and drops the connection. */
  | { readonly kind: 'cut_body'; readonly isDone: boolean }
  /** Answers with this instead. */
  | { readonly kind: 'answer'; readonly isDone: boolean; readonly answer: VendorAnswer }

const answer = (
  given: VendorAnswer & { readonly isDone?: boolean },
): Extract<Fault, { kind: 'answer' }> => ({
  kind: 'answer',
  isDone: given.isDone ?? false,
  answer: given,
})

/** Bodies that no reader should believe, under a status that says all went well. */
export const badBodies = {
  html: answer({ status: 200, type: 'text/html', text: '<html><body>Welcome</body></html>' }),
  empty: answer({ status: 200, text: '' }),
  no_content: answer({ status: 204, text: '' }),
  huge: answer({ status: 200, text: `{"a":"${'x'.repeat(10_000_000)}"}` }),
  gzip_bomb: answer({
    status: 200,
    headers: { 'content-encoding': 'gzip' },
    bytes: gzipSync(Buffer.alloc(50_000_000, 0x20)),
  }),
  deep: answer({ status: 200, text: '['.repeat(5_000) + ']'.repeat(5_000) }),
  prototype: answer({ status: 200, text: '{"__proto__":{"isAdmin":true},"id":"1"}' }),
} as const

export const status = (code: number, headers: Record<string, string> = {}, body: unknown = {}) =>
  answer({ status: code, headers, body })

export function writeAnswer(response: ServerResponse, given: VendorAnswer): void {
  const bytes = bytesOf(given)
  response.writeHead(given.status, {
    'content-type': given.type ?? 'application/json',
    ...given.headers,
    ...(given.status === 204 ? {} : { 'content-length': String(bytes.byteLength) }),
  })
  response.end(given.status === 204 ? undefined : bytes)
}

/** Ends, or never ends, the answer as the fault says. */
export function playFault(response: ServerResponse, fault: Fault, lost: VendorAnswer): void {
  switch (fault.kind) {
    case 'hang_headers':
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'answer':
      writeAnswer(response, fault.answer)
      return
    case 'hang_body':
    case 'cut_body': {
      const bytes = Buffer.concat([bytesOf(lost), Buffer.from(' '.repeat(64))])
      response.writeHead(lost.status < 300 && lost.status !== 204 ? lost.status : 200, {
        'content-type': 'application/json',
        'content-length': String(bytes.byteLength),
      })
      response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => {
        if (fault.kind === 'cut_body') response.socket?.destroy()
      })
    }
  }
}

function bytesOf({ body, text, bytes }: VendorAnswer): Buffer {
  if (bytes !== undefined) return Buffer.from(bytes)
  return Buffer.from(text ?? JSON.stringify(body ?? {}))
}
