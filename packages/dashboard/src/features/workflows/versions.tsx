import type { WorkflowVersion } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { useVersions } from './queries.ts'
import { VersionText } from './version-text.tsx'

interface VersionsProps {
  name: string
  /** The one whose text is shown. */
  shown: string | undefined
}

/** What ran under this name, the newest first; runs under way keep the version they began with. */
export function Versions({ name, shown }: VersionsProps) {
  const { data: versions, error, refetch } = useVersions(name)
  if (versions === undefined) {
    return error === null ? (
      <Skeleton what="the versions" rows={2} />
    ) : (
      <Failed what="The versions" error={error} retry={() => void refetch()} />
    )
  }
  return (
    <Card title="Versions" flush>
      {versions.length === 0 ? (
        <p className="p-4 text-muted">None is kept yet; one is once it has run.</p>
      ) : (
        <table className="bk-table w-full">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">From</th>
              <th scope="col" className="max-sm:hidden">
                First seen
              </th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <VersionRow key={version.version} name={name} version={version} shown={shown} />
            ))}
          </tbody>
        </table>
      )}
      {shown !== undefined && (
        <VersionText
          name={name}
          version={shown}
          inUse={versions.find(({ active }) => active)?.version ?? null}
        />
      )}
    </Card>
  )
}

interface VersionRowProps extends VersionsProps {
  version: WorkflowVersion
}

function VersionRow({ name, version: row, shown }: VersionRowProps) {
  const { version, active, form, created_at, published_at, published_by } = row
  const isShown = version === shown
  return (
    <tr>
      <td>
        <span className="flex flex-wrap items-center gap-2">
          <code className="font-mono text-xs" title={version}>
            {version.slice(0, 8)}
          </code>
          {active && <StateBadge state="ok">in use</StateBadge>}
        </span>
      </td>
      <td>
        {published_at === null ? (
          `a file, ${form === 'yaml' ? 'YAML' : 'TypeScript'}`
        ) : (
          <>
            published by {published_by ?? 'a key without a label'},{' '}
            <span className="text-muted">
              <Instant at={published_at} />
            </span>
          </>
        )}
      </td>
      <td className="text-muted max-sm:hidden">
        <Instant at={created_at} />
      </td>
      <td>
        {form === 'yaml' ? (
          <Link
            to="/workflows/$name"
            params={{ name }}
            search={isShown ? {} : { version }}
            resetScroll={false}
            className="whitespace-nowrap text-accent underline"
          >
            {isShown ? 'Hide' : 'Show'}
          </Link>
        ) : (
          <span className="text-muted">in its file</span>
        )}
      </td>
    </tr>
  )
}
