import type { Problem } from '@bookend/contract'
import { BookendError } from '@bookend/core/error'

/** The server refused a request, or could not be understood; `problem` is what it said. */
export class ApiError extends BookendError {
  override readonly name = 'ApiError'
  readonly code: string
  readonly retryable: boolean
  readonly status: number
  readonly problem: Problem | null

  constructor(status: number, problem: Problem | null) {
    const fields = problem?.errors?.map(({ path, message }) => `${path}: ${message}`) ?? []
    super([problem?.detail ?? `The server answered ${status}`, ...fields].join('; '))
    this.status = status
    this.problem = problem
    this.code = problem?.code ?? 'unreadable_answer'
    this.retryable = status === 429 || status >= 500
  }
}

export async function readProblem(answer: Response): Promise<Problem | null> {
  try {
    const body: unknown = await answer.json()
    return typeof body === 'object' && body !== null && 'code' in body ? (body as Problem) : null
  } catch {
    return null
  }
}
