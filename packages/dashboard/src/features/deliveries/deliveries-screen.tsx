import { getRouteApi } from '@tanstack/react-router'
import { PageTitle } from '../../ui/page-title.tsx'
import { DeliveriesView } from './deliveries-view.tsx'
import { DeliveryFilters } from './delivery-filters.tsx'

const route = getRouteApi('/deliveries')

export function DeliveriesScreen() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageTitle title="Deliveries" live />
      <DeliveryFilters search={search} onChange={(next) => void navigate({ search: next })} />
      <DeliveriesView search={search} onClear={() => void navigate({ search: {} })} />
    </>
  )
}
