import type { Platform } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { useMay } from '../session/may.ts'
import { CreatePlatform } from './create-platform.tsx'
import { explainUnusable, isRefusing, PlatformStatus, sortByNeed } from './platform-status.tsx'
import { labelOf, paramsOf, useAdapters, usePlatforms } from './queries.ts'

export function PlatformsScreen() {
  const { data: platforms, error, refetch } = usePlatforms()
  const { data: adapters = [] } = useAdapters()
  const isAdmin = useMay('admin')
  return (
    <>
      <PageTitle title="Platforms" />
      {isAdmin && platforms !== undefined && (
        <CreatePlatform adapters={adapters} isOpen={platforms.length === 0} />
      )}
      {platforms === undefined ? (
        error === null ? (
          <Skeleton what="the platforms" />
        ) : (
          <Failed what="The platforms" error={error} retry={() => void refetch()} />
        )
      ) : platforms.length === 0 ? (
        <Empty title="No voice platform is connected">
          <p>
            One that is asks a workflow before each call, and reports how the call went:{' '}
            {adapters.map(({ label }) => label).join(', ')}.
          </p>
        </Empty>
      ) : (
        <TableFrame label="Platforms">
          <thead>
            <tr>
              <th scope="col">Platform</th>
              <th scope="col">State</th>
              <th scope="col" className="max-md:hidden">
                Last question
              </th>
              <th scope="col" className="max-md:hidden">
                Last event
              </th>
              <th scope="col" className="max-sm:hidden">
                A workflow has
              </th>
            </tr>
          </thead>
          <tbody>
            {sortByNeed(platforms).map((platform) => (
              <PlatformRow
                key={labelOf(platform)}
                platform={platform}
                label={adapters.find((one) => one.platform === platform.platform)?.label}
              />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}

interface PlatformRowProps {
  platform: Platform
  label: string | undefined
}

function PlatformRow({ platform, label }: PlatformRowProps) {
  const { pre_call: asked, events, budget_ms: budgetMs } = platform
  const refusing = [asked, events].find(isRefusing)
  const why = explainUnusable(platform) ?? refusing?.last_refused_why ?? null
  return (
    <tr className="relative">
      <td>
        <Link
          to="/platforms/$platform/$connection"
          params={paramsOf(platform)}
          data-row
          className="font-semibold [overflow-wrap:anywhere] after:absolute after:inset-0"
        >
          {labelOf(platform)}
        </Link>
        <span className="block text-xs text-muted">{label}</span>
      </td>
      <td>
        <PlatformStatus platform={platform} />
        {why !== null && <span className="mt-1 block text-xs text-failed-ink">{why}</span>}
      </td>
      <td className="max-md:hidden">
        <When at={asked.last_accepted_at} />
      </td>
      <td className="max-md:hidden">
        <When at={events.last_accepted_at} />
      </td>
      <td className="whitespace-nowrap max-sm:hidden">
        {budgetMs === null ? '' : `${budgetMs} ms`}
      </td>
    </tr>
  )
}

const When = ({ at }: { at: string | null }) =>
  at === null ? <span className="text-muted">never</span> : <Instant at={at} />
