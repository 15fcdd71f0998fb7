import type { Overview } from '@bookend/contract'
import { Link, type LinkProps } from '@tanstack/react-router'
import { renderCount, renderMs } from '../../format/duration.ts'
import type { State } from '../../theme/states.ts'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { renderShare } from './share.ts'

interface Figure {
  name: string
  value: string
  note?: string
  state?: State | undefined
  to?: LinkProps['to']
}

const COUNTED_MAX = 20_000

export function Figures({ overview }: { overview: Overview }) {
  const figures = findFigures(overview)
  return (
    <section aria-label="The last 24 hours" className="grid gap-2">
      <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-border bg-border sm:grid-cols-3 xl:grid-cols-6">
        {figures.map(({ name, value, note, state, to }) => (
          <li key={name} className="relative min-w-0 bg-surface px-4 py-3">
            <p className="text-xs text-muted">
              {to === undefined ? (
                name
              ) : (
                <Link to={to} className="underline after:absolute after:inset-0">
                  {name}
                </Link>
              )}
            </p>
            <p className="mt-1 flex items-center gap-2 text-2xl font-semibold whitespace-nowrap">
              {value}
              {state !== undefined && <StateGlyph state={state} />}
            </p>
            {note !== undefined && <p className="text-xs text-muted">{note}</p>}
          </li>
        ))}
      </ul>
      <p className="text-xs text-muted">
        Of the last 24 hours
        {overview.sampled && `, of the newest ${renderCount(COUNTED_MAX)} runs of each kind`}.
      </p>
    </section>
  )
}

function findFigures({ calls, pre_call: answers, journeys }: Overview): Figure[] {
  const { answered, partial, fallback, late, p50_ms, p95_ms, deadline_ms } = answers
  const total =
    calls.total >= COUNTED_MAX ? `${renderCount(COUNTED_MAX)}+` : renderCount(calls.total)
  return [
    { name: 'Calls', value: total, note: `${renderCount(calls.live)} live now`, to: '/calls' },
    {
      name: 'Answered in time',
      value: renderShare(answered - late, answered),
      note: `${renderCount(late)} late of ${renderCount(answered)}`,
      state: late > 0 ? 'late' : undefined,
    },
    {
      name: 'With defaults',
      value: renderShare(partial, answered),
      note: `${renderCount(partial)} answers`,
      state: partial > 0 ? 'default' : undefined,
    },
    {
      name: 'Fallback sent',
      value: renderShare(fallback, answered),
      note: `${renderCount(fallback)} answers`,
      state: fallback > 0 ? 'default' : undefined,
    },
    {
      name: 'Answer time, 95 %',
      value: p95_ms === null ? '–' : renderMs(p95_ms),
      note:
        p50_ms === null
          ? 'no answer yet'
          : `half within ${renderMs(p50_ms)}${deadline_ms === null ? '' : `, deadline ${renderMs(deadline_ms)}`}`,
    },
    {
      name: 'Journeys',
      value: renderCount(journeys.started),
      note: `${renderCount(journeys.waiting)} under way, ${renderCount(journeys.failed)} failed`,
      state: journeys.failed > 0 ? 'failed' : undefined,
      to: '/workflows',
    },
  ]
}
