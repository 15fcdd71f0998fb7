import type { CallListItem } from '@bookend/contract'
import { renderDuration } from '../../format/duration.ts'
import type { State } from '../../theme/states.ts'
import { join } from '../../ui/join.ts'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { renderAnswer } from './render-answer.ts'

interface AnswerBadgeProps {
  preCall: CallListItem['pre_call']
}

/** What the caller's agent was told before the first word, and how long that took. */
export function AnswerBadge({ preCall }: AnswerBadgeProps) {
  if (preCall === null) return <span className="text-muted">no pre-call request</span>
  const { word, state } = renderAnswer(preCall.status, preCall.missing_count)
  const isOver = preCall.status !== 'skipped' && preCall.duration_ms > preCall.budget_ms
  const shown: State = isOver ? 'late' : state
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <StateGlyph state={shown} />
        {word}
      </span>
      {preCall.status !== 'skipped' && (
        <span
          className={join(
            'whitespace-nowrap',
            isOver ? 'font-semibold text-failed-ink' : 'text-muted',
          )}
        >
          {renderDuration(preCall.duration_ms)}
          {isOver && <span className="sr-only">, past its budget</span>}
        </span>
      )}
    </span>
  )
}
