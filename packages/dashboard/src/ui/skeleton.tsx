import { useLate } from './use-late.ts'

interface SkeletonProps {
  what: string
  rows?: number
}

/** The outline of what is coming; it waits 150 ms, so that a quick answer never flickers. */
export function Skeleton({ what, rows = 6 }: SkeletonProps) {
  const isShown = useLate(150)
  return (
    <output className="block min-h-40">
      <span className="sr-only">Loading {what}</span>
      {isShown && (
        <span
          aria-hidden="true"
          className="block divide-y divide-border overflow-hidden rounded-card border border-border bg-surface"
        >
          {Array.from({ length: rows }, (_, index) => (
            <span key={index} className="flex h-11 items-center gap-6 px-4">
              <span className="h-3 w-24 rounded-xs bg-border" />
              <span className="h-3 w-40 rounded-xs bg-border" />
              <span className="ml-auto h-3 w-16 rounded-xs bg-border" />
            </span>
          ))}
        </span>
      )}
    </output>
  )
}
