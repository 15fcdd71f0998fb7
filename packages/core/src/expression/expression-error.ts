import { BookendError } from '../kernel/error.ts'

/** An expression cannot be used; `start` and `end` are offsets in its text. */
export class ExpressionError extends BookendError {
  override readonly name = 'ExpressionError'
  readonly code = 'expression_invalid'
  readonly retryable = false
  readonly start: number
  readonly end: number
  /** What would be right; null when the message says it. */
  readonly hint: string | null

  constructor(message: string, at: { start: number; end: number }, hint: string | null = null) {
    super(message)
    this.start = at.start
    this.end = at.end
    this.hint = hint
  }
}

/** An expression met data it cannot work with. The message carries none of it. */
export class EvaluationError extends BookendError {
  override readonly name = 'EvaluationError'
  readonly code = 'expression_failed'
  readonly retryable = false
  /** Nothing is left to spend: going on would only cost more. */
  readonly isSpent: boolean

  constructor(message: string, isSpent = false) {
    super(message)
    this.isSpent = isSpent
  }
}
