import type { DryRun } from '@bookend/contract'
import { Card } from '../../ui/card.tsx'
import { JsonView } from '../../ui/json-view.tsx'

/** Everything that would have left, in its order. */
export function DryRunWrites({ dry }: { dry: DryRun }) {
  const { writes, emitted, tags, calls } = dry
  const isEmpty = writes.length + emitted.length + tags.length + calls.length === 0
  return (
    <Card title="It would do, captured and not sent" flush>
      {isEmpty ? (
        <p className="p-4 text-muted">Nothing; it writes nowhere.</p>
      ) : (
        <ol aria-label="Captured writes" className="divide-y divide-border">
          {writes.map((write, index) => (
            <Write
              // A step may write more than once, and their order is that of sending.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              title={`${write.connection} · ${write.action}`}
              about={`step ${write.step}`}
              value={write.request ?? write.input}
              label={write.request === null ? 'Input' : 'Request'}
            />
          ))}
          {emitted.map(({ type, payload }) => (
            <Write
              key={`emit ${type}`}
              title={`event ${type}`}
              about="emitted"
              value={payload}
              label="Payload"
            />
          ))}
          {calls.map((call, index) => (
            <Write
              // Scheduled calls have no name before they are stored.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              title="a call"
              about="scheduled"
              value={call}
              label="Call"
            />
          ))}
          {tags.length > 0 && (
            <li className="px-4 py-3">
              Tags of the call: <strong>{tags.join(', ')}</strong>
            </li>
          )}
        </ol>
      )}
    </Card>
  )
}

interface WriteProps {
  title: string
  about: string
  value: unknown
  label: string
}

function Write({ title, about, value, label }: WriteProps) {
  return (
    <li className="px-4 py-2">
      <details>
        <summary className="min-h-6">
          <span className="font-semibold">{title}</span>{' '}
          <span className="text-xs text-muted">{about}</span>
        </summary>
        <div className="pt-1 pb-2">
          <JsonView value={value} label={`${label} of ${title}`} />
        </div>
      </details>
    </li>
  )
}
