import type { AnalysisState, Call, CallAnalysis } from '@bookend/contract'
import type { ReactNode } from 'react'
import { renderDuration } from '../../format/duration.ts'
import type { State } from '../../theme/states.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { useAnalyses } from './queries.ts'

const STATES = {
  queued: 'running',
  waiting: 'wait',
  done: 'ok',
  failed: 'failed',
  told: 'ok',
} as const satisfies Record<AnalysisState['status'], State>

const WORDS = {
  queued: 'is asked',
  waiting: 'waits for the others',
  done: 'done',
  failed: 'failed',
  told: 'told by the platform',
} as const satisfies Record<AnalysisState['status'], string>

/** Each analyzer of the call: its value, how it went, what it took and what it cost. */
export function AnalysisRows({ call }: { call: Call }) {
  const { data: states = [] } = useAnalyses(call)
  const rows = pair(call.analysis_results, states)
  if (rows.length === 0) return null
  return (
    <div className="relative overflow-x-auto border-t border-border first:border-t-0">
      <table className="bk-table w-full">
        <thead>
          <tr>
            <th scope="col">Analyzer</th>
            <th scope="col">Value</th>
            <th scope="col">Status</th>
            <th scope="col" className="text-right!">
              Took
            </th>
            <th scope="col" className="text-right!">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, title, result, state }) => (
            <tr key={key} className="align-top">
              <th scope="row" className="py-3! text-text!">
                {title}
                {result?.kind !== undefined && (
                  <span className="block font-normal text-muted">
                    {result.kind.replaceAll('_', ' ')}
                    {result.model != null && `, ${result.model}`}
                  </span>
                )}
              </th>
              <td className="max-w-prose min-w-56 [overflow-wrap:anywhere]">
                <Value result={result} title={title} />
              </td>
              <td>
                <Status result={result} state={state} />
              </td>
              <td className="text-right whitespace-nowrap">
                {result?.duration_ms === undefined ? '–' : renderDuration(result.duration_ms)}
              </td>
              <td className="text-right whitespace-nowrap">{renderCost(result)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface Row {
  key: string
  title: string
  result: CallAnalysis | null
  state: AnalysisState | null
}

/** Results first, in their order; then analyzers that have none yet. */
function pair(results: readonly CallAnalysis[], states: readonly AnalysisState[]): Row[] {
  const found = results.map((result, index): Row => {
    const state = states.find(({ analyzer_id }) => analyzer_id === result.analyzer_id) ?? null
    const title = result.title ?? state?.title ?? `Result ${index + 1}`
    return { key: result.id ?? `${index} ${title}`, title, result, state }
  })
  const open = states.filter(
    ({ analyzer_id: id }) => !results.some((each) => each.analyzer_id === id),
  )
  return [
    ...found,
    ...open.map((state) => ({ key: state.analyzer_id, title: state.title, result: null, state })),
  ]
}

function Value({ result, title }: { result: CallAnalysis | null; title: string }): ReactNode {
  if (result === null) return <span className="text-muted">not yet</span>
  const { result: value } = result
  if (value === null) return <span className="text-muted">none</span>
  return typeof value === 'object' ? (
    <JsonView value={value} label={`Value of ${title}`} />
  ) : (
    String(value)
  )
}

function Status({ result, state }: Pick<Row, 'result' | 'state'>) {
  const status = state?.status ?? result?.status ?? 'told'
  const why = result?.error ?? null
  const detail = result?.detail ?? state?.last_error ?? null
  const attempts = state?.attempts ?? result?.attempts ?? 0
  return (
    <>
      <StateBadge state={STATES[status]}>
        {WORDS[status]}
        {attempts > 1 && ` ×${attempts}`}
      </StateBadge>
      {why !== null && (
        <span className="mt-1 block text-xs text-failed-ink">{why.replaceAll('_', ' ')}</span>
      )}
      {detail !== null && (
        <span className="mt-1 block text-xs [overflow-wrap:anywhere] text-muted">{detail}</span>
      )}
    </>
  )
}

/** A fraction of a cent is what most answers cost. */
function renderCost(result: CallAnalysis | null): string {
  if (result?.cost == null) return '–'
  return `$${result.cost.toFixed(result.cost < 0.01 ? 4 : 2)}`
}
