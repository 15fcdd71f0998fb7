import { ApiError } from '@bookend/sdk/client'

/** The messages of what was refused by the whole path of its field, such as `options.auth.secret`. */
export function errorsOf(error: unknown): ReadonlyMap<string, string> {
  const issues = error instanceof ApiError ? (error.problem?.errors ?? []) : []
  return new Map(issues.map(({ path, message }) => [path, message]))
}
