import type { NeutralPreCallRequest, PlatformId } from '../neutral.ts'

/** A ringing phone for which the platform asks again. */
const retryWindowMs = 45_000

type Memo = Pick<NeutralPreCallRequest, 'memo_key' | 'memo_window_ms'>

const NEVER: Memo = { memo_key: null, memo_window_ms: 0 }

/**
 * What makes two requests one call: its id, else both its numbers. Without either there is nothing to
 * go by, and two strangers must never share an answer.
 */
export function memoOf(
  platform: PlatformId,
  call: Pick<NeutralPreCallRequest['call'], 'provider_call_id' | 'from_number' | 'to_number'>,
  windowMs: number = retryWindowMs,
): Memo {
  const { provider_call_id: id, from_number: from, to_number: to } = call
  if (id !== null) return { memo_key: `${platform}:pre-call:${id}`, memo_window_ms: windowMs }
  if (from === null || to === null) return NEVER
  return { memo_key: `${platform}:pre-call:${from}>${to}`, memo_window_ms: windowMs }
}
