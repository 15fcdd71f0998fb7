import { BookendError } from '@bookend/core'
import type { Problem, ProblemCode, ProblemIssue } from '@bookend/contract'
import { problems } from '@bookend/contract'

/** A refusal that the client hears as an RFC 9457 problem document. */
export class ProblemError extends BookendError {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly retryable: boolean
  readonly errors: readonly ProblemIssue[]

  constructor(code: ProblemCode, detail: string, errors: readonly ProblemIssue[] = []) {
    super(detail)
    this.code = code
    this.errors = errors
    this.retryable = problems[code].status >= 500 || problems[code].status === 429
  }
}

/** The same for an id that never was, and one of another workspace, byte for byte. */
export const notFound = (noun: string): ProblemError =>
  new ProblemError('not_found', `There is no such ${noun}`)

export const invalid = (path: string, message: string): ProblemError =>
  new ProblemError('invalid', `${path} ${message}`, [{ path, message }])

export function renderProblem(error: ProblemError, requestId: string): Problem {
  const { status, title } = problems[error.code]
  return {
    type: `urn:bookend:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.errors.length === 0 ? {} : { errors: [...error.errors] }),
    request_id: requestId,
  }
}
