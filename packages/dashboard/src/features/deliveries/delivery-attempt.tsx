import type { DeliveryAttempt as Attempt } from '@bookend/contract'
import { renderDuration } from '../../format/duration.ts'
import { Instant } from '../../ui/instant.tsx'
import { join } from '../../ui/join.ts'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { AttemptPhases } from './attempt-phases.tsx'
import { stateOfAttempt } from './delivery-words.ts'
import { renderEnd } from './error-words.ts'

/** One try: how it ended, where its time went, and what the endpoint said. */
export function DeliveryAttempt({ attempt }: { attempt: Attempt }) {
  const { started_at, duration_ms, status, error, phases, response_body: body } = attempt
  return (
    <li className="px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateGlyph state={stateOfAttempt(attempt)} />
        <span className="font-semibold">Try {attempt.attempt}</span>
        <span
          className={join(
            'min-w-0 [overflow-wrap:anywhere]',
            stateOfAttempt(attempt) === 'failed' && 'text-failed-ink',
          )}
        >
          {renderEnd(status, error) ?? 'no answer'}
        </span>
        <span className="ml-auto text-xs text-muted">
          <Instant at={started_at} />, {renderDuration(duration_ms)}
        </span>
      </p>
      {phases !== null && <AttemptPhases phases={phases} />}
      {typeof body === 'string' && <AnswerText text={body} attempt={attempt.attempt} />}
    </li>
  )
}

function AnswerText({ text, attempt }: { text: string; attempt: number }) {
  if (text === '') return <p className="mt-2 text-xs text-muted">The answer had no body.</p>
  return (
    <section
      aria-label={`What was answered to try ${attempt}`}
      // A region that scrolls must be reachable from the keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="mt-2 max-h-60 overflow-auto rounded-control bg-sunken p-3"
    >
      <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</pre>
    </section>
  )
}
