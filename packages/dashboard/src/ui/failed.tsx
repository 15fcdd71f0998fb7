import { findFailure } from '../api/failure.ts'
import { Button } from './button.tsx'
import { CopyText } from './copy-text.tsx'

interface FailedProps {
  /** What could not be shown, such as `The calls`. */
  what: string
  error: unknown
  retry?: () => void
}

export function Failed({ what, error, retry }: FailedProps) {
  const { title, detail, code, requestId } = findFailure(error)
  return (
    <div role="alert" className="rounded-card border border-failed-bar bg-surface p-4 sm:p-6">
      <p className="text-base font-semibold text-failed-ink">{what} could not be loaded</p>
      <p className="mt-1">
        {title}. {detail}
      </p>
      <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-xs text-muted">
        <div className="flex gap-1.5">
          <dt>Code</dt>
          <dd className="font-mono">{code}</dd>
        </div>
        {requestId !== null && (
          <div className="flex gap-1.5">
            <dt>Request</dt>
            <dd>
              <CopyText text={requestId} label="Copy request id" />
            </dd>
          </div>
        )}
      </dl>
      {retry !== undefined && (
        <Button onClick={retry} className="mt-4">
          Try again
        </Button>
      )}
    </div>
  )
}
