import { ArrowUp } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from '../../ui/button.tsx'
import { Failed } from '../../ui/failed.tsx'
import { NotUpdated } from '../../ui/not-updated.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { CallsTable } from './calls-table.tsx'
import { NoCalls } from './no-calls.tsx'
import { useCalls } from './queries.ts'
import type { CallsSearch } from './search.ts'
import { useHeldRows } from './use-held-rows.ts'

interface CallsViewProps {
  search: CallsSearch
  onClear: () => void
}

export function CallsView({ search, onClear }: CallsViewProps) {
  const query = useCalls(search)
  const { data, error } = query
  const latest = useMemo(() => data?.pages.flatMap(({ calls }) => calls) ?? [], [data])
  const { rows, waiting, refresh } = useHeldRows(JSON.stringify(search), latest)

  if (data === undefined) {
    return error === null ? (
      <Skeleton what="the calls" rows={10} />
    ) : (
      <Failed what="The calls" error={error} retry={() => void query.refetch()} />
    )
  }
  if (rows.length === 0) return <NoCalls search={search} onClear={onClear} />
  return (
    <>
      {error !== null && (
        <NotUpdated
          sinceMs={query.dataUpdatedAt}
          error={error}
          retry={() => void query.refetch()}
        />
      )}
      <div className="relative">
        {waiting > 0 && (
          <output className="pointer-events-none sticky top-14 z-10 flex h-0 justify-end">
            <Button
              look="primary"
              onClick={refresh}
              className="pointer-events-auto -translate-y-11"
            >
              {waiting} new
              <ArrowUp className="size-4" aria-hidden="true" />
            </Button>
          </output>
        )}
        <CallsTable rows={rows} />
      </div>
      <div className="mt-3 flex items-center justify-center gap-3 text-muted">
        {query.hasNextPage ? (
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load older
          </Button>
        ) : (
          <p className="text-xs">
            {rows.length === 1 ? 'This is the only call.' : `These are all ${rows.length} calls.`}
          </p>
        )}
      </div>
    </>
  )
}
