import type { Diagnostic } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import { type Fault, renderFault } from '../editor/faults.ts'

/** What is squiggled: the word that a fault points at, else the rest of its line. */
export function toDiagnostics(faults: readonly Fault[], doc: Text): Diagnostic[] {
  return faults.flatMap((fault) => {
    if (fault.line === null) return []
    // A fault may be of a text that has been cut meanwhile.
    const line = doc.line(Math.min(Math.max(fault.line, 1), doc.lines))
    const from = Math.min(line.from + Math.max((fault.column ?? 1) - 1, 0), line.to)
    const rest = doc.sliceString(from, line.to)
    const [word = ''] = /^[^\s,:{}[\]]+/.exec(rest) ?? []
    const to = from + (word === '' ? rest.trimEnd().length : word.length)
    const severity = fault.severity === 'problem' ? ('error' as const) : ('warning' as const)
    return [{ from, to, severity, message: renderFault(fault) }]
  })
}
