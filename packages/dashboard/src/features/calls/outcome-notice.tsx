import type { Outcome } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Split } from 'lucide-react'
import { explainOutcome } from '../runs/render-outcome.ts'

/** Says what the workflow decided, unless the call simply went on. */
export function OutcomeNotice({ outcome }: { outcome: Outcome }) {
  const said = explainOutcome(outcome)
  if (said === null) return null
  return (
    <p className="flex items-center gap-2 rounded-card border border-border bg-surface px-4 py-3">
      <Split className="size-4 shrink-0 text-accent" aria-hidden="true" />
      <span>
        <strong>Outcome: {outcome.type}.</strong> {said}{' '}
        {outcome.type === 'route' && (
          <Link
            to="/agents/$id"
            params={{ id: outcome.agent_id }}
            className="text-accent underline"
          >
            Open that agent
          </Link>
        )}
      </span>
    </p>
  )
}
