import type { Platform } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useMay } from '../session/may.ts'
import { Addresses } from './addresses.tsx'
import { CheckPlatform } from './check-platform.tsx'
import { DeletePlatform } from './delete-platform.tsx'
import { EditPlatform } from './edit-platform.tsx'
import { PlatformFacts } from './platform-facts.tsx'
import { explainUnusable, PlatformStatus } from './platform-status.tsx'
import { labelOf, useAdapters, usePlatform } from './queries.ts'
import { SetUp } from './set-up.tsx'

const route = getRouteApi('/platforms/$platform/$connection')

export function PlatformScreen() {
  const params = route.useParams()
  const key = { platform: params.platform as Platform['platform'], name: params.connection }
  const { data: platform, error, refetch } = usePlatform(key)
  return (
    <>
      <PageTitle
        title={labelOf(key)}
        tabTitle={labelOf(key)}
        above={
          <Link to="/platforms" className="hover:text-text hover:underline">
            Platforms
          </Link>
        }
      />
      {platform !== undefined ? (
        <Ready platform={platform} />
      ) : error === null ? (
        <Skeleton what="the platform" />
      ) : (
        <Failed what="The platform" error={error} retry={() => void refetch()} />
      )}
    </>
  )
}

function Ready({ platform }: { platform: Platform }) {
  const { data: adapters = [] } = useAdapters()
  const isAdmin = useMay('admin')
  const mayCheck = useMay('write')
  const adapter = adapters.find((one) => one.platform === platform.platform)
  const why = explainUnusable(platform)
  return (
    <div className="grid grid-cols-1 gap-4">
      {why !== null && (
        <Notice state="failed" title="Cannot be used">
          <p>{why}</p>
        </Notice>
      )}
      <Card title="What came" aside={<PlatformStatus platform={platform} />} flush>
        <Addresses platform={platform} />
        {mayCheck && (
          <div className="border-t border-border p-4">
            <CheckPlatform platform={platform} />
          </div>
        )}
      </Card>
      {why === null && <SetUp platform={platform} />}
      <PlatformFacts platform={platform} label={adapter?.label} />
      {isAdmin && adapter !== undefined && <EditPlatform platform={platform} adapter={adapter} />}
      {isAdmin && (
        <div>
          <DeletePlatform platform={platform} />
        </div>
      )}
    </div>
  )
}
