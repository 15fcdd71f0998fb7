import type { Outcome } from '@bookend/contract'
import { join } from '../../ui/join.ts'
import type { Line } from './conversation.ts'
import type { Talk } from './use-talk.ts'

const SPEAKERS = {
  agent: 'Agent',
  user: 'You',
  tool: 'Tool',
  system: 'System',
} as const satisfies Record<Line['role'], string>

export function TalkLines({ talk: { answer, conversation } }: { talk: Talk }) {
  const { lines, growing, ended, isAnswering, fault } = conversation
  const turnedAway = describeOutcome(answer.outcome)
  return (
    <>
      <ol
        aria-label="Conversation"
        // What was said last is what is read.
        ref={(list) => {
          if (list !== null) list.scrollTop = list.scrollHeight
        }}
        aria-busy={isAnswering}
        aria-live="polite"
        // It scrolls, so it must be reachable from the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="grid max-h-96 gap-2 overflow-y-auto"
      >
        {lines.map((line) => (
          <Said key={line.key} by={line.role} text={line.text} tool={line.tool} />
        ))}
        {growing !== null && <Said by="agent" text={growing} tool={null} />}
        {isAnswering && growing === null && <Said by="agent" text="…" tool={null} />}
      </ol>
      <output className="text-muted empty:hidden">{turnedAway ?? ended}</output>
      <p role="alert" className="text-failed-ink empty:hidden">
        {fault}
      </p>
    </>
  )
}

interface SaidProps {
  by: Line['role']
  text: string
  tool: string | null
}

function Said({ by, text, tool }: SaidProps) {
  return (
    <li className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3">
      <span className={join('text-xs leading-5 font-semibold', by === 'agent' && 'text-accent')}>
        {SPEAKERS[by]}
      </span>
      <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">
        {tool !== null && (
          <code className="mr-2 rounded-xs bg-sunken px-1 font-mono text-xs">{tool}</code>
        )}
        {text}
      </p>
    </li>
  )
}

/** How a call went that has no conversation; null: it has one. */
function describeOutcome(outcome: Outcome): string | null {
  switch (outcome.type) {
    case 'continue':
    case 'route':
      return null
    case 'say':
      return `The workflow has the caller told: “${outcome.text}”`
    case 'transfer':
      return `The workflow gives the call to ${outcome.to_number}.`
    case 'reject':
      return 'The workflow has the call not answered.'
  }
}
