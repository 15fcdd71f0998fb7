/** The root of what Bookend throws: `code` is stable and documented, `cause` keeps the original. */
export abstract class BookendError extends Error {
  abstract readonly code: string
  /** Whether the same thing, tried again later, may succeed. */
  abstract readonly retryable: boolean
}

/** A workflow file, or what it does at run time, breaks a rule of the language. */
export class WorkflowError extends BookendError {
  override readonly name = 'WorkflowError'
  readonly code = 'workflow_invalid'
  readonly retryable = false
}
