import type { Call } from '@bookend/contract'
import { Card } from '../../ui/card.tsx'
import { JsonView } from '../../ui/json-view.tsx'

/** What was found out about the call once it was over; nothing before that. */
export function CallResult({ call: { summary, analysis_results } }: { call: Call }) {
  if (summary === null && analysis_results.length === 0) return null
  return (
    <Card title="Analysis">
      {summary !== null && <p className="max-w-prose whitespace-pre-wrap">{summary}</p>}
      <dl className="mt-2 grid gap-3 sm:grid-cols-2">
        {analysis_results.map(({ title, result }, index) => (
          <div key={title ?? index} className="min-w-0">
            <dt className="text-xs font-semibold text-muted">{title ?? `Result ${index + 1}`}</dt>
            <dd>
              {typeof result === 'object' && result !== null ? (
                <JsonView value={result} label={title ?? 'Result'} />
              ) : (
                String(result)
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
