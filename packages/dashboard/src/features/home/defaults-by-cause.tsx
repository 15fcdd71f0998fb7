import type { Overview } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { renderCount } from '../../format/duration.ts'
import { Card } from '../../ui/card.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { MISSING } from '../runs/missing-words.ts'

/** Why agents were told defaults; nothing where they never were. */
export function DefaultsByCause({ overview: { defaults } }: { overview: Overview }) {
  if (defaults.length === 0) return null
  return (
    <Card title="Defaults by cause" flush>
      <ul className="divide-y divide-border">
        {defaults.map(({ workflow, step, reason, count }) => (
          <li
            key={`${workflow} ${step} ${reason}`}
            className="flex min-h-11 flex-wrap items-center gap-x-3 px-4 py-2"
          >
            <StateGlyph state={MISSING[reason].state} />
            <span className="font-semibold">{step ?? 'the answer'}</span>
            <span>{MISSING[reason].word}</span>
            <Link
              to="/workflows/$name"
              params={{ name: workflow }}
              className="text-xs text-accent underline"
            >
              {workflow}
            </Link>
            <span className="ml-auto">{renderCount(count)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
