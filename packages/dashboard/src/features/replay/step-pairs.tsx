import type { DryRun, Run } from '@bookend/contract'
import { STATE_OF_STEP } from '../../theme/states.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { compareSteps, type StepPair } from './compare.ts'

interface StepPairsProps {
  was: Run
  now: DryRun['steps']
}

/** Each step of the journey, as it went and as it would go. */
export function StepPairs({ was, now }: StepPairsProps) {
  const pairs = compareSteps(was.steps, now)
  if (pairs.length === 0) return <p className="p-4 text-muted">No step was reached.</p>
  return (
    <div className="relative overflow-x-auto">
      <table className="bk-table w-full">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Then{was.version !== null && `, ${was.version.slice(0, 8)}`}</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <Row key={pair.name} pair={pair} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ pair: { name, was, now, isChanged } }: { pair: StepPair }) {
  return (
    <tr className="align-top">
      <th scope="row" className="py-3! text-text!">
        {name}
        {isChanged && <span className="ml-2 font-normal text-muted"> changed</span>}
      </th>
      <td>{was === null ? <NotThere /> : <Side name={`${name}, then`} step={was} />}</td>
      <td>{now === null ? <NotThere /> : <Side name={`${name}, now`} step={now} />}</td>
    </tr>
  )
}

type SideStep = NonNullable<StepPair['now']> | NonNullable<StepPair['was']>

function Side({ name, step }: { name: string; step: SideStep }) {
  const { status, error, output } = step
  return (
    <>
      <StateBadge state={STATE_OF_STEP[status]} />
      {error !== null && (
        <p className="mt-1 text-xs [overflow-wrap:anywhere] text-failed-ink">{error}</p>
      )}
      {output !== null && output !== undefined && (
        <details className="mt-1">
          <summary className="min-h-6 text-xs text-muted">Output</summary>
          <JsonView value={output} label={`Output of ${name}`} />
        </details>
      )}
    </>
  )
}

const NotThere = () => <span className="text-muted">not reached</span>
