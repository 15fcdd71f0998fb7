import { Failed } from '../../ui/failed.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useVersion } from './queries.ts'

interface VersionTextProps {
  name: string
  version: string
}

export function VersionText({ name, version }: VersionTextProps) {
  const { data, error, refetch } = useVersion(name, version)
  return (
    <div className="border-t border-border p-4">
      {data === undefined ? (
        error === null ? (
          <Skeleton what="the text" />
        ) : (
          <Failed what="The text" error={error} retry={() => void refetch()} />
        )
      ) : data.source === undefined ? (
        <p className="text-muted">No text of this version is kept.</p>
      ) : (
        <section
          aria-label={`Text of version ${version.slice(0, 8)}`}
          // A region that scrolls must be reachable from the keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="max-h-128 overflow-auto rounded-control bg-sunken p-3"
        >
          <pre className="font-mono text-xs">{data.source}</pre>
        </section>
      )}
    </div>
  )
}
