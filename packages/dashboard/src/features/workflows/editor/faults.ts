// What is wrong or odd in a text, as the server's check says it.

import type { WorkflowCheck } from '@bookend/contract'

export interface Fault {
  /** A problem keeps the text from being published; a warning does not. */
  readonly severity: 'problem' | 'warning'
  readonly line: number | null
  readonly column: number | null
  readonly path: string
  readonly message: string
  readonly hint: string | null
  readonly agent: string | null
}

/** Problems first, then warnings, both in the order of the text; none without a verdict. */
export function findFaults(check: WorkflowCheck | null): readonly Fault[] {
  const { problems = [], warnings = [] } = check ?? {}
  return [
    ...problems.map((problem): Fault => ({ ...problem, severity: 'problem', agent: null })),
    ...warnings.map(({ line, column, message, agent }): Fault => {
      const name = agent?.name ?? null
      return { severity: 'warning', line, column, path: '', message, hint: null, agent: name }
    }),
  ]
}

/** In the words of `bookend check`. */
export function renderFault({ path, message, hint, agent }: Fault): string {
  const subject = agent ?? path
  return `${subject === '' ? '' : `${subject}: `}${message}${hint === null ? '' : ` (${hint})`}`
}

/** The first fault behind a line, and from the last on the first again; null: none has a place. */
export function findNext(faults: readonly Fault[], line: number): Fault | null {
  const placed = faults
    .filter((fault) => fault.line !== null)
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return placed.find((fault) => (fault.line ?? 0) > line) ?? placed[0] ?? null
}
