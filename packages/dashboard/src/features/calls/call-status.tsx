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

export function CallStatusBadge({ status }: { status: CallStatus }) {
  return <StateBadge state={STATE_OF_CALL[status]}>{CALL_WORDS[status]}</StateBadge>
}
