import type { BacktestedCall } from '@bookend/contract'
import { useState } from 'react'
import { renderMs } from '../../format/duration.ts'
import { Card } from '../../ui/card.tsx'
import { Check } from '../../ui/field.tsx'
import { BacktestRow } from './backtest-row.tsx'
import { isNotable, tally } from './tally.ts'

/** The sum of it, and the calls that are worth a look. */
export function BacktestResult({ calls }: { calls: readonly BacktestedCall[] }) {
  const [isWhole, setIsWhole] = useState(false)
  const { differ, late, failed, uncertain, medianMs } = tally(calls)
  const shown = isWhole ? calls : calls.filter(isNotable)
  const figures = {
    calls: String(calls.length),
    differ: String(differ),
    'past the budget': String(late),
    'fallback sent': String(failed),
    'not certain': String(uncertain),
    'median time':
      medianMs === null ? '–' : `${renderMs(medianMs.was)} → ${renderMs(medianMs.now)}`,
  }
  return (
    <>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 rounded-card border border-border bg-surface px-4 py-3">
        {Object.entries(figures).map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="text-base font-semibold whitespace-nowrap">{value}</dd>
          </div>
        ))}
      </dl>
      <Card title="Calls" flush>
        {calls.length > 0 && (
          <div className="px-4 pt-3">
            <Check
              label="Show those that were answered alike as well"
              checked={isWhole}
              onChange={setIsWhole}
            />
          </div>
        )}
        {shown.length === 0 ? (
          <p className="p-4 text-muted">
            {calls.length === 0
              ? 'No call was answered by this workflow so far.'
              : 'Every call would have been answered as it was.'}
          </p>
        ) : (
          <div className="relative overflow-x-auto">
            <table className="bk-table w-full">
              <thead>
                <tr>
                  <th scope="col">Call</th>
                  <th scope="col">Differs</th>
                  <th scope="col">Parameters</th>
                  <th scope="col" className="text-right!">
                    Then
                  </th>
                  <th scope="col" className="text-right!">
                    Now
                  </th>
                  <th scope="col">
                    <span className="sr-only">Replay</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((call) => (
                  <BacktestRow key={call.run_id} call={call} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </>
  )
}
