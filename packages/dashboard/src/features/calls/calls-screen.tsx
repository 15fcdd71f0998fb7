import { getRouteApi } from '@tanstack/react-router'
import { PageTitle } from '../../ui/page-title.tsx'
import { CallFilters } from './call-filters.tsx'
import { CallsView } from './calls-view.tsx'

const route = getRouteApi('/calls')

export function CallsScreen() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageTitle title="Calls" live />
      <CallFilters search={search} onChange={(next) => void navigate({ search: next })} />
      <CallsView search={search} onClear={() => void navigate({ search: {} })} />
    </>
  )
}
