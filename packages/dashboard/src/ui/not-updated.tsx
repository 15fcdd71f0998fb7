import { findFailure } from '../api/failure.ts'
import { renderInstant } from '../format/instant.ts'
import { Button } from './button.tsx'

interface NotUpdatedProps {
  sinceMs: number
  error: unknown
  retry: () => void
}

/** What is shown stays, and says how old it is. */
export function NotUpdated({ sinceMs, error, retry }: NotUpdatedProps) {
  const { title, code } = findFailure(error)
  return (
    <output className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-card border border-border bg-default-tint px-4 py-2 text-default-ink">
      <span>
        Not updated since {renderInstant(new Date(sinceMs))}. {title}{' '}
        <code className="font-mono text-xs">{code}</code>
      </span>
      <Button onClick={retry} className="ml-auto">
        Try again
      </Button>
    </output>
  )
}
