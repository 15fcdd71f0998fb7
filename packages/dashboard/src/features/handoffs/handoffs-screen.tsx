import type { HandoffStatus } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { HandoffRow } from './handoff-row.tsx'
import { useHandoffs } from './queries.ts'

const route = getRouteApi('/handoffs')

const SHOWN = [
  ['open', 'Waiting'],
  ['answered', 'Answered'],
  ['expired', 'Expired'],
] as const satisfies readonly (readonly [HandoffStatus, string])[]

const NONE = {
  open: 'Nothing waits for you',
  answered: 'Nothing was answered yet',
  expired: 'Nothing has expired',
  cancelled: 'Nothing was cancelled',
} as const satisfies Record<HandoffStatus, string>

/** Decisions that journeys hand to people, the most urgent first. */
export function HandoffsScreen() {
  const { status = 'open' } = route.useSearch()
  return (
    <>
      <PageTitle title="Handoffs" live />
      <nav aria-label="Which handoffs" className="mb-3 flex gap-1">
        {SHOWN.map(([each, name]) => (
          <Link
            key={each}
            to="/handoffs"
            search={each === 'open' ? {} : { status: each }}
            aria-current={each === status ? 'page' : undefined}
            className="flex h-8 items-center rounded-control px-3 text-muted hover:bg-sunken aria-[current=page]:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-text"
          >
            {name}
          </Link>
        ))}
      </nav>
      <HandoffList status={status} />
    </>
  )
}

function HandoffList({ status }: { status: HandoffStatus }) {
  const { data, error, refetch } = useHandoffs(status)
  if (data === undefined) {
    return error === null ? (
      <Skeleton what="the handoffs" />
    ) : (
      <Failed what="The handoffs" error={error} retry={() => void refetch()} />
    )
  }
  if (data.length === 0) {
    return (
      <Empty title={NONE[status]}>
        A journey hands a decision to a person with <code>human(…)</code>, and goes on with the
        answer.
      </Empty>
    )
  }
  return (
    <ul
      aria-label="Handoffs"
      className="divide-y divide-border rounded-card border border-border bg-surface"
    >
      {data.map((handoff) => (
        <HandoffRow key={handoff.id} handoff={handoff} />
      ))}
    </ul>
  )
}
