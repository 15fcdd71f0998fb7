import type { WorkflowCheck } from '@bookend/contract'
import { renderLimit } from '../../../format/duration.ts'
import { toneOf } from '../../../ui/state-badge.tsx'

/** The longest way through the steps against the budget; past it, time is promised that is not there. */
export function BudgetMeter({ check }: { check: WorkflowCheck | null }) {
  const { worst_case_ms: worstMs, budget_ms: budgetMs } = check ?? nothing
  if (worstMs === null) return null
  const worst = `worst case ${renderLimit(worstMs)}`
  if (budgetMs === null) return <p className="self-center text-muted">{worst}</p>
  const isOver = worstMs > budgetMs
  const share = Math.min(worstMs / budgetMs, 1)
  const words = `${worst} of ${renderLimit(budgetMs)}${isOver ? ', cut there' : ''}`
  return (
    <div className="flex items-center gap-2" style={toneOf(isOver ? 'cut' : 'ok')}>
      <span className={isOver ? 'font-semibold text-(--ink)' : 'text-muted'}>{words}</span>
      <meter
        aria-label="Worst case against the budget"
        max={budgetMs}
        value={Math.min(worstMs, budgetMs)}
        className="sr-only"
      >
        {words}
      </meter>
      <div
        aria-hidden="true"
        className="h-2.5 w-24 overflow-hidden rounded-xs border border-control bg-sunken max-sm:hidden"
      >
        <div className="h-full bg-(--bar)" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}

const nothing = { worst_case_ms: null, budget_ms: null }
