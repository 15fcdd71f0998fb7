import type { Overview } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Card } from '../../ui/card.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { useConnections } from '../connections/queries.ts'
import { useHandoffs } from '../handoffs/queries.ts'
import { TimeLeft } from '../handoffs/time-left.tsx'
import { usePauses } from '../pauses/queries.ts'
import { useWebhooks } from '../webhooks/queries.ts'
import { findNeeds, type Need } from './find-needs.ts'

const SHOWN_MAX = 20

export function NeedsSomeone({ overview }: { overview: Overview | undefined }) {
  const sources = {
    handoffs: useHandoffs('open'),
    webhooks: useWebhooks(),
    connections: useConnections(),
    pauses: usePauses(),
  }
  const needs = findNeeds({
    overview,
    handoffs: sources.handoffs.data ?? [],
    webhooks: sources.webhooks.data ?? [],
    connections: sources.connections.data ?? [],
    pauses: sources.pauses.data ?? [],
  })
  const unknown = Object.entries(sources).flatMap(([name, { error }]) =>
    error === null ? [] : [name],
  )
  const isLoading = Object.values(sources).some(({ isPending }) => isPending)
  return (
    <Card
      title="Needs someone"
      flush
      aside={needs.length > 0 && <span className="text-xs text-muted">{needs.length}</span>}
    >
      {unknown.length > 0 && (
        <p role="alert" className="border-b border-border px-4 py-2 text-failed-ink">
          Could not be loaded: {unknown.join(', ')}.
        </p>
      )}
      {needs.length === 0 ? (
        <p className="p-4 text-muted">
          {isLoading ? 'Looking …' : unknown.length === 0 && 'Nothing waits for you.'}
        </p>
      ) : (
        <ul aria-label="Needs someone" className="divide-y divide-border">
          {needs.slice(0, SHOWN_MAX).map((need) => (
            <NeedRow key={need.key} need={need} />
          ))}
        </ul>
      )}
      {needs.length > SHOWN_MAX && (
        <p className="border-t border-border px-4 py-2 text-xs text-muted">
          And {needs.length - SHOWN_MAX} more on their own screens.
        </p>
      )}
    </Card>
  )
}

function NeedRow({ need: { state, title, detail, target, dueAt } }: { need: Need }) {
  return (
    <li>
      <Link
        {...target}
        data-row
        className="grid min-h-11 grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 hover:bg-sunken"
      >
        <StateGlyph state={state} />
        <span className="font-semibold [overflow-wrap:anywhere]">{title}</span>
        <span className="text-xs text-muted">
          {dueAt !== undefined && <TimeLeft handoff={{ due_at: dueAt }} />}
        </span>
        {detail !== null && detail !== '' && (
          <span className="col-start-2 line-clamp-2 text-xs [overflow-wrap:anywhere] text-muted">
            {detail}
          </span>
        )}
      </Link>
    </li>
  )
}
