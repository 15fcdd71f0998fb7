import type { ProblemCode } from '@bookend/contract'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { ProblemError, renderProblem } from './problem.ts'

interface Answer {
  readonly line: string
  readonly code: ProblemCode
  readonly detail: string
}

const UNREADABLE: Answer = {
  line: '400 Bad Request',
  code: 'bad_request',
  detail: 'The request is not well-formed HTTP',
}
const BY_CODE: Readonly<Record<string, Answer>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    code: 'bad_request',
    detail: 'The request did not come in time',
  },
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    code: 'bad_request',
    detail: 'The headers of a request may have at most 16 KiB',
  },
}

/** Answers what the parser could not read, and closes: there is no telling what comes behind it. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { line, code, detail } = BY_CODE[error.code ?? ''] ?? UNREADABLE
  const problem = renderProblem(new ProblemError(code, detail), randomUUID())
  const body = JSON.stringify({ ...problem, status: Number(line.slice(0, 3)) })
  const headers = [
    `HTTP/1.1 ${line}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
}
