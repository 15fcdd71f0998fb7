import type { HttpResult } from '@bookend/core'

/** What one exchange means for its delivery. */
export type Verdict =
  | { kind: 'delivered'; status: number }
  /** Our own cap stopped it before anything was sent: nothing to charge the endpoint with. */
  | { kind: 'held' }
  /** The endpoint is no more, and says so. */
  | { kind: 'gone' }
  | { kind: 'failed'; status: number | null; error: string; retryAfter: string | undefined }

const isSuccess = (status: number): boolean => status >= 200 && status < 300

/** A 2xx answer whose body we would not read: who answers so has taken the event. */
const UNREAD = new Set(['response_too_large', 'unsupported_encoding'])

export function judge(result: HttpResult): Verdict {
  if (result.kind === 'failed') {
    const { status, code } = result
    if (code === 'throttled') return { kind: 'held' }
    if (status !== null && isSuccess(status) && UNREAD.has(code)) {
      return { kind: 'delivered', status }
    }
    // The endpoint speaks by its status, whatever we thought of its body.
    if (status === 410) return { kind: 'gone' }
    return { kind: 'failed', status, error: code, retryAfter: undefined }
  }
  const { status, headers } = result
  if (isSuccess(status)) return { kind: 'delivered', status }
  if (status === 410) return { kind: 'gone' }
  return { kind: 'failed', status, error: 'http_status', retryAfter: headers['retry-after'] }
}
