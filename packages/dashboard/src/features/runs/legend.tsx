import { STATE_LOOKS, type State, states } from '../../theme/states.ts'
import { StateGlyph } from '../../ui/state-badge.tsx'
import type { Waterfall } from './waterfall-geometry.ts'
import { STATE_OF_STEP } from '../../theme/states.ts'

/** The states that this chart holds, in the order of the table of states. */
export function Legend({ layout }: { layout: Waterfall }) {
  const present = new Set<State>()
  for (const row of layout.rows) {
    if (row.kind === 'answer') continue
    present.add(row.bar?.state ?? STATE_OF_STEP[row.step.status])
    if (row.step.default_used) present.add('default')
  }
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {states
        .filter((state) => present.has(state))
        .map((state) => (
          <li key={state} className="inline-flex items-center gap-1.5">
            <StateGlyph state={state} />
            {STATE_LOOKS[state].word}
          </li>
        ))}
      <li className="inline-flex items-center gap-1.5">
        <span aria-hidden="true" className="m-0.5 size-2 rotate-45 bg-text" />
        answer sent
      </li>
      {layout.deadline !== null && (
        <li className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className="h-3.5 w-0.5 bg-(--bk-deadline)" />
          deadline, margin before it
        </li>
      )}
    </ul>
  )
}
