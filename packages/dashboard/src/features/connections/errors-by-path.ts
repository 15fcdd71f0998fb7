import { ApiError } from '@bookend/sdk/client'

/** The messages of a refused value by the path of its field, such as `settings.base_url`. */
export function errorsByPath(error: unknown): ReadonlyMap<string, string> {
  const issues = error instanceof ApiError ? (error.problem?.errors ?? []) : []
  const messages = new Map<string, string>()
  for (const { path, message } of issues) {
    // Of a field within a field, the outer one is on the screen.
    const at = path.split('.').slice(0, 2).join('.')
    if (!messages.has(at)) messages.set(at, message)
  }
  return messages
}
