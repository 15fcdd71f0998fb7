// What a failed request says to a person: the thing that failed, its code, and the request's id.

import { ApiError } from '@bookend/sdk/client'

export interface Failure {
  title: string
  detail: string
  code: string
  requestId: string | null
}

export function findFailure(error: unknown): Failure {
  if (error instanceof ApiError) {
    const { problem, status } = error
    return {
      title: problem?.title ?? `The server answered ${status}`,
      detail: problem?.detail ?? 'Its answer could not be understood.',
      code: error.code,
      requestId: problem?.request_id ?? null,
    }
  }
  if (error instanceof TypeError) {
    return {
      title: 'The server cannot be reached',
      detail: 'Check that Bookend is running and that this machine is online.',
      code: 'unreachable',
      requestId: null,
    }
  }
  return {
    title: 'Something went wrong in this page',
    detail: error instanceof Error ? error.message : String(error),
    code: 'page_error',
    requestId: null,
  }
}

export const isStatus = (error: unknown, status: number): boolean =>
  error instanceof ApiError && error.status === status

/** Messages by field, from a refused value; the rest under the empty path. */
export function findFieldErrors(error: unknown): ReadonlyMap<string, string> {
  const issues = error instanceof ApiError ? (error.problem?.errors ?? []) : []
  const messages = new Map<string, string>()
  for (const { path, message } of issues) {
    const field = path.replace(/^\/?(body[./])?/, '').split(/[./[]/)[0] ?? ''
    if (!messages.has(field)) messages.set(field, message)
  }
  return messages
}
