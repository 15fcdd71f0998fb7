import { getRouteApi } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AuditRow } from './audit-row.tsx'
import { AuditSeals } from './audit-seals.tsx'
import { useAudit } from './queries.ts'

const route = getRouteApi('/settings/$section')

/** Who did what, newest first. */
export function Audit() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useAudit(search)
  const { data, error } = query
  const entries = data?.pages.flatMap(({ audit }) => audit)
  return (
    <>
      <AuditSeals />
      <AuditFilters search={search} onChange={(next) => void navigate({ search: next })} />
      {entries === undefined ? (
        error === null ? (
          <Skeleton what="the audit log" rows={8} />
        ) : (
          <Failed what="The audit log" error={error} retry={() => void query.refetch()} />
        )
      ) : entries.length === 0 ? (
        Object.keys(search).length === 0 ? (
          <Empty title="Nothing was done yet">
            <p>Each change of the configuration, and each reveal, is an entry here.</p>
          </Empty>
        ) : (
          <Empty
            title="No entry matches"
            action={<Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>}
          />
        )
      ) : (
        <>
          <TableFrame label="Audit log">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">On</th>
                <th scope="col" className="max-md:hidden">
                  Fields
                </th>
                <th scope="col" className="max-lg:hidden">
                  From
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <AuditRow key={entry.id} entry={entry} />
              ))}
            </tbody>
          </TableFrame>
          {query.hasNextPage && (
            <div className="mt-3 flex justify-center">
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Load older
              </Button>
            </div>
          )}
        </>
      )}
    </>
  )
}
