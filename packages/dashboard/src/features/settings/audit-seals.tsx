import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { useSeals } from './queries.ts'

/** Whether the log is as it was written, asked for by a button. */
export function AuditSeals() {
  const { data, error, isFetching, refetch } = useSeals()
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
      <Button busy={isFetching} onClick={() => void refetch()}>
        Check the seals
      </Button>
      {data === undefined && error === null && (
        <p className="text-xs text-muted">
          Each entry is sealed with the one before it, so that none can be changed unseen.
        </p>
      )}
      {error !== null && (
        <p role="alert" className="text-failed-ink">
          {findFailure(error).detail}
        </p>
      )}
      {data?.broken_at === null && (
        <output className="flex min-w-0 flex-wrap items-center gap-x-2">
          <span className="inline-flex items-baseline gap-2">
            <StateGlyph state="ok" className="self-center" />
            {renderSealed(data.sealed)}
          </span>
          {data.seal !== null && (
            <span className="inline-flex min-w-0 items-center gap-1 text-xs text-muted">
              Newest seal
              <CopyText text={data.seal} shown={`${data.seal.slice(0, 12)}…`} label="Copy seal" />
            </span>
          )}
        </output>
      )}
      {data !== undefined && data.broken_at !== null && (
        <Notice state="failed" title={`The log was changed at entry ${data.broken_at}`}>
          <p>That entry is not what was written, or one before it was taken out.</p>
        </Notice>
      )}
    </div>
  )
}

function renderSealed(count: number): string {
  if (count === 0) return 'None is sealed yet; each is five minutes after it was written.'
  return `${count === 1 ? '1 entry is' : `${count} entries are`} as they were written.`
}
