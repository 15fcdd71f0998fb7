import type { CallStatus } from '@bookend/contract'
import { STATE_OF_CALL } from '../../theme/states.ts'
import { StateBadge } from '../../ui/state-badge.tsx'

export const CALL_WORDS = {
  ringing: 'ringing',
  in_progress: 'in progress',
  completed: 'completed',
  rejected: 'rejected',
  transferred: 'transferred',
  failed: 'failed',
  no_answer: 'no answer',
} as const satisfies Record<CallStatus, string>

interface CallStatusBadgeProps {
  status: CallStatus
  /** Only the glyph on a narrow screen; the word is still read out. */
  isShort?: boolean
}

export function CallStatusBadge({ status, isShort = false }: CallStatusBadgeProps) {
  return (
    <StateBadge state={STATE_OF_CALL[status]}>
      <span className={isShort ? 'max-sm:sr-only' : undefined}>{CALL_WORDS[status]}</span>
    </StateBadge>
  )
}
