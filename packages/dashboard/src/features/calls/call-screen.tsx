import { getRouteApi } from '@tanstack/react-router'
import { CallView } from './call-view.tsx'

const route = getRouteApi('/calls/$id')

export function CallScreen() {
  const { id } = route.useParams()
  const { step } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <CallView
      // Another call is another screen: nothing that was opened carries over.
      key={id}
      id={id}
      selectedStep={step ?? null}
      onSelectStep={(next) =>
        void navigate({
          search: next === null ? {} : { step: next },
          replace: true,
          resetScroll: false,
        })
      }
    />
  )
}
