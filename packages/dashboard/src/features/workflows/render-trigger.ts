import type { Workflow } from '@bookend/contract'
import { renderLimit } from '../../format/duration.ts'

/** When a workflow runs, and within which time. */
export function renderTrigger({ kind, on, budget_ms }: Workflow): string {
  if (kind === 'journey') return `on ${on ?? 'no event'}`
  return budget_ms === null
    ? 'before a call, within its timeout'
    : `before a call, within ${renderLimit(budget_ms)}`
}
