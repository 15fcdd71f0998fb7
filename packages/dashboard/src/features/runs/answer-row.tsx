import type { Run } from '@bookend/contract'
import { renderMs } from '../../format/duration.ts'
import { join } from '../../ui/join.ts'
import { LaneLabel } from './lane-label.tsx'
import { renderOutcome } from './render-outcome.ts'
import { MARK_WORDS } from './step-words.ts'
import type { Waterfall, WaterfallRow } from './waterfall-geometry.ts'

interface AnswerRowProps {
  row: Extract<WaterfallRow, { kind: 'answer' }>
  run: Run
  layout: Waterfall
  lanePx: number
}

/** Half the width of ◆ with its halo. */
const MARK_PX = 8

/** Everything above this row was waited for; what stands below did not delay the caller. */
export function AnswerRow({ row, run, layout, lanePx }: AnswerRowProps) {
  const { at, atMs, mark } = row
  const said = renderOutcome(run)
  const label = mark === null || mark === 'in_time' ? said : `${MARK_WORDS[mark]}: ${said}`
  return (
    <tr className="h-7 border-y border-border font-semibold">
      <th scope="row" className="px-4 text-left">
        Answer
      </th>
      <td className="relative p-0">
        <span className="sr-only">
          {said}, sent after {renderMs(atMs)}
          {mark !== null && `, ${MARK_WORDS[mark]}`}
        </span>
        <span
          aria-hidden="true"
          data-part="answer"
          style={{ left: `${100 * at}%` }}
          className={join(
            'absolute top-1/2 z-4 size-2.5 -translate-x-1/2 -translate-y-1/2 rotate-45 ring-2 ring-surface',
            mark === 'late' ? 'bg-failed-bar' : 'bg-text',
          )}
        />
        <LaneLabel
          text={label}
          bar={{ start: at - MARK_PX / lanePx, end: at + MARK_PX / lanePx }}
          deadline={layout.deadline}
          lanePx={lanePx}
        />
      </td>
      <td className="pr-3 text-right whitespace-nowrap max-sm:text-xs sm:pr-4">{renderMs(atMs)}</td>
    </tr>
  )
}
