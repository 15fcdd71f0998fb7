import { findFailure } from '../../../api/failure.ts'
import { Card } from '../../../ui/card.tsx'
import { StateGlyph } from '../../../ui/state-badge.tsx'
import { type Fault, renderFault } from './faults.ts'
import type { Checked } from './queries.ts'

interface FaultListProps {
  faults: readonly Fault[]
  checked: Checked
  onOpen: (fault: Fault) => void
}

export function FaultList({ faults, checked, onOpen }: FaultListProps) {
  return (
    <Card title="Problems" flush aside={<Verdict faults={faults} checked={checked} />}>
      {checked.error !== null && (
        <p role="alert" className="px-4 py-3 text-failed-ink">
          Not checked. {findFailure(checked.error).title}. {findFailure(checked.error).detail}
        </p>
      )}
      {faults.length > 0 && (
        <ul aria-label="Problems and warnings" className="divide-y divide-border">
          {faults.map((fault) => (
            <li key={`${fault.line}:${fault.column}:${fault.path}:${fault.message}`}>
              <FaultRow fault={fault} onOpen={onOpen} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Verdict({ faults, checked }: Pick<FaultListProps, 'faults' | 'checked'>) {
  const problems = faults.filter(({ severity }) => severity === 'problem').length
  const warnings = faults.length - problems
  const words = [counted(problems, 'problem'), counted(warnings, 'warning')].filter(Boolean)
  return (
    <output className="text-xs text-muted">
      {!checked.isCurrent && checked.error === null
        ? 'checking…'
        : words.length === 0
          ? 'none'
          : words.join(', ')}
    </output>
  )
}

const counted = (count: number, noun: string): string =>
  count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`

function FaultRow({ fault, onOpen }: { fault: Fault; onOpen: (fault: Fault) => void }) {
  const { severity, line, column } = fault
  const text = (
    <>
      <StateGlyph state={severity === 'problem' ? 'failed' : 'default'} className="mt-1" />
      <span className="sr-only">{severity}</span>
      {line !== null && (
        <span className="shrink-0 font-mono text-xs leading-5 text-muted">
          {line}:{column}
        </span>
      )}
      <span className="min-w-0 [overflow-wrap:anywhere]">{renderFault(fault)}</span>
    </>
  )
  const look = 'flex w-full items-start gap-2 px-4 py-2 text-left'
  return line === null ? (
    <div className={look}>{text}</div>
  ) : (
    <button type="button" onClick={() => onOpen(fault)} className={`${look} hover:bg-sunken`}>
      {text}
    </button>
  )
}
