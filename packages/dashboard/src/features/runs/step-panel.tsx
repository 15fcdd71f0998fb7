import type { CacheState, RunStep } from '@bookend/contract'
import { X } from 'lucide-react'
import { renderLimit, renderMs } from '../../format/duration.ts'
import { STATE_OF_STEP } from '../../theme/states.ts'
import { Button } from '../../ui/button.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { useEscape } from '../../ui/use-escape.ts'
import { Attempts } from './attempts.tsx'
import { Phases } from './phases.tsx'

interface StepPanelProps {
  id: string
  step: RunStep
  /** What stands beside the bar where there is room. */
  label: string | null
  onClose: () => void
}

export function StepPanel({ id, step, label, onClose }: StepPanelProps) {
  useEscape(onClose)
  return (
    <section id={id} aria-label={`Step ${step.name}`} className="border-t border-border p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-semibold">{step.name}</h3>
        <StateBadge state={STATE_OF_STEP[step.status]} />
        {step.default_used && <StateBadge state="default" />}
        <p className="text-xs text-muted max-sm:order-1 max-sm:basis-full">{renderFacts(step)}</p>
        <Button look="quiet" onClick={onClose} className="ml-auto px-2">
          <X className="size-4" aria-hidden="true" />
          <span className="sr-only">Close step {step.name}</span>
        </Button>
      </header>
      {label !== null && <p className="mt-2">{label}</p>}
      {step.error !== null && (
        <p className="mt-3 rounded-control bg-failed-tint px-3 py-2 font-mono text-xs [overflow-wrap:anywhere] text-failed-ink">
          {step.error}
        </p>
      )}
      <div className="mt-3 grid gap-4 md:grid-cols-2">
        <Payload title="Input" value={step.input} empty="Nothing was recorded as input." />
        <Payload
          title={step.default_used ? 'Output, the default' : 'Output'}
          value={step.output}
          empty={step.default_used ? 'The default is null.' : 'The step has left no output.'}
        />
      </div>
      <Phases phases={step.phases} />
      {step.attempts.length > 0 && <Attempts attempts={step.attempts} />}
    </section>
  )
}

function Payload({ title, value, empty }: { title: string; value: unknown; empty: string }) {
  return (
    <div className="min-w-0">
      <h4 className="mb-1 text-xs font-semibold text-muted">{title}</h4>
      {value === null || value === undefined ? (
        <p className="text-muted">{empty}</p>
      ) : (
        <JsonView value={value} label={title} />
      )}
    </div>
  )
}

const CACHE_WORDS = {
  fresh: 'cache: fresh',
  stale: 'cache: stale, looked up anew behind',
  shared: 'cache: shared with another call’s look-up',
  miss: 'cache: miss',
} as const satisfies Record<CacheState, string>

function renderFacts(step: RunStep): string {
  const asked = [step.connection, step.action].filter((part) => part !== null).join(' · ')
  return [
    asked === '' ? null : asked,
    `started at ${renderMs(step.start_ms)}`,
    step.duration_ms === null ? null : `took ${renderMs(step.duration_ms)}`,
    step.limit_ms === null ? 'no limit of its own' : `own limit ${renderLimit(step.limit_ms)}`,
    step.cache === null ? null : CACHE_WORDS[step.cache],
  ]
    .filter((part) => part !== null)
    .join(', ')
}
