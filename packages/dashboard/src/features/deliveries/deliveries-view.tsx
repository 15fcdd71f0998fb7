import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { NotUpdated } from '../../ui/not-updated.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { DeliveryTable } from './delivery-table.tsx'
import { useDeliveries } from './queries.ts'
import type { DeliveriesSearch } from './search.ts'

interface DeliveriesViewProps {
  search: DeliveriesSearch
  onClear: () => void
}

export function DeliveriesView({ search, onClear }: DeliveriesViewProps) {
  const query = useDeliveries(search)
  const { data, error } = query
  if (data === undefined) {
    return error === null ? (
      <Skeleton what="the deliveries" rows={10} />
    ) : (
      <Failed what="The deliveries" error={error} retry={() => void query.refetch()} />
    )
  }
  const rows = data.pages.flatMap(({ deliveries }) => deliveries)
  if (rows.length === 0) {
    return Object.keys(search).length === 0 ? (
      <Empty
        title="Nothing was sent yet"
        action={<LinkButton to="/webhooks">Subscribe an endpoint</LinkButton>}
      >
        <p>Each event that an endpoint is subscribed to appears here, with every try to send it.</p>
      </Empty>
    ) : (
      <Empty title="No delivery matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        <p>{search.status === 'dead' ? 'Nothing was given up.' : 'Fewer filters show more.'}</p>
      </Empty>
    )
  }
  return (
    <>
      {error !== null && (
        <NotUpdated
          sinceMs={query.dataUpdatedAt}
          error={error}
          retry={() => void query.refetch()}
        />
      )}
      <DeliveryTable deliveries={rows} />
      <div className="mt-3 flex justify-center text-muted">
        {query.hasNextPage ? (
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load older
          </Button>
        ) : (
          <p className="text-xs">
            {rows.length === 1
              ? 'This is the only delivery.'
              : `These are all ${rows.length} deliveries.`}
          </p>
        )}
      </div>
    </>
  )
}
