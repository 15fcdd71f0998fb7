import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useMay } from '../session/may.ts'
import { TextDiff } from './diff/text-diff.tsx'
import { useVersion } from './queries.ts'

interface VersionTextProps {
  name: string
  version: string
  /** The version that new runs take. */
  inUse: string | null
}

export function VersionText({ name, version, inUse }: VersionTextProps) {
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
        <Shown name={name} version={version} inUse={inUse} source={data.source} />
      )}
    </div>
  )
}

function Shown({ name, version, inUse, source }: VersionTextProps & { source: string }) {
  const [isCompared, setIsCompared] = useState(false)
  const mayWrite = useMay('write')
  const isOlder = inUse !== null && inUse !== version
  return (
    <>
      {isOlder && (
        <div className="mb-3 flex flex-wrap gap-2">
          <Button aria-pressed={isCompared} onClick={() => setIsCompared(!isCompared)}>
            {isCompared ? 'Show the whole text' : 'Compare with the one in use'}
          </Button>
          {mayWrite && (
            <Link
              to="/workflows/$name/edit"
              params={{ name }}
              search={{ from: version }}
              className="inline-flex h-8 items-center rounded-control border border-control bg-surface px-3 font-semibold hover:bg-sunken"
            >
              Restore…
            </Link>
          )}
        </div>
      )}
      {isOlder && isCompared ? (
        <Compared name={name} inUse={inUse} source={source} />
      ) : (
        <section
          aria-label={`Text of version ${version.slice(0, 8)}`}
          // A region that scrolls must be reachable from the keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="max-h-128 overflow-auto rounded-control bg-sunken p-3"
        >
          <pre className="font-mono text-xs">{source}</pre>
        </section>
      )}
    </>
  )
}

interface ComparedProps {
  name: string
  inUse: string
  source: string
}

function Compared({ name, inUse, source }: ComparedProps) {
  const { data, error, refetch } = useVersion(name, inUse)
  if (data !== undefined) {
    return (
      <TextDiff
        label="From this version to the one in use"
        before={source}
        after={data.source ?? ''}
      />
    )
  }
  return error === null ? (
    <Skeleton what="the text in use" />
  ) : (
    <Failed what="The text in use" error={error} retry={() => void refetch()} />
  )
}
