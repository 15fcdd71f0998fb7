// The pre-call run against its deadline: a table whose middle column is one coordinate box.
//
//   hover ─▶ margin band ─▶ notches ─▶ bars ─▶ deadline line ─▶ labels      back to front
//
// D1. Header and lanes share one box, so a tick stands over its line.
// D2. Band and line are one element each through all rows, never one per row.
// D3. All that the drawing says is also in the row's text.

import type { Run } from '@bookend/contract'
import { type Ref, useMemo, useRef } from 'react'
import { renderLimit } from '../../format/duration.ts'
import { useNow } from '../../ui/use-now.ts'
import { findCriticalPath } from './critical-path.ts'
import { AnswerRow } from './answer-row.tsx'
import { StepRow } from './step-row.tsx'
import { useWidth } from './use-width.ts'
import { findAnswerMs, layOutWaterfall, type Waterfall as Layout } from './waterfall-geometry.ts'
import { renderWaterfallSentence } from './waterfall-sentence.ts'

const REPAINT_MS = 250
const LANE_PX = 600

interface WaterfallProps {
  run: Run
  selected: string | null
  onSelect: (step: string | null) => void
  panelId: string
  /** Only the steps that the answer waited for. */
  onlyCritical: boolean
  hasPhases: boolean
}

export function Waterfall(props: WaterfallProps) {
  const { run, selected, onSelect, panelId, onlyCritical, hasPhases } = props
  const isOpen = run.steps.some((step) => step.duration_ms === null && step.status === 'running')
  const now = useNow(isOpen || findAnswerMs(run) === null ? REPAINT_MS : null)
  const nowMs = now.getTime() - new Date(run.started_at).getTime()
  const layout = useMemo(() => layOutWaterfall(run, nowMs), [run, nowMs])
  const shown = useMemo(() => {
    const path = onlyCritical ? findCriticalPath(run) : null
    return layout.rows.filter((row) => row.kind === 'answer' || (path?.has(row.step.name) ?? true))
  }, [layout, onlyCritical, run])
  const box = useRef<HTMLDivElement>(null)
  const lanePx = useWidth(box) || LANE_PX

  return (
    <div className="relative isolate [--name:7.75rem] [--took:4.5rem] sm:[--name:14rem] sm:[--took:6rem]">
      <Backdrop layout={layout} ref={box} />
      <table className="w-full table-fixed border-collapse">
        <caption className="sr-only">{renderWaterfallSentence(run)}</caption>
        <colgroup>
          <col className="w-(--name)" />
          <col />
          <col className="w-(--took)" />
        </colgroup>
        <thead>
          <tr className="h-11 align-bottom text-xs text-muted">
            <th scope="col" className="px-4 pb-1 text-left">
              Step
            </th>
            <th scope="col" className="relative p-0">
              <Axis layout={layout} run={run} />
            </th>
            <th scope="col" className="pr-3 pb-1 text-right sm:pr-4">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) =>
            row.kind === 'answer' ? (
              <AnswerRow key="answer" row={row} run={run} layout={layout} lanePx={lanePx} />
            ) : (
              <StepRow
                key={row.step.name}
                row={row}
                run={run}
                layout={layout}
                lanePx={lanePx}
                nowMs={nowMs}
                panelId={panelId}
                isSelected={selected === row.step.name}
                hasPhases={hasPhases}
                onSelect={onSelect}
              />
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}

const percent = (fraction: number): string => `${100 * fraction}%`

interface BackdropProps {
  layout: Layout
  ref: Ref<HTMLDivElement>
}

/** Grid, margin band and deadline line, in the coordinate box that the lanes share. */
function Backdrop({ layout: { marginBand, deadline, ticksMs, endMs }, ref }: BackdropProps) {
  return (
    <div
      ref={ref}
      aria-hidden="true"
      data-part="box"
      className="pointer-events-none absolute top-5 right-(--took) bottom-0 left-(--name)"
    >
      {ticksMs.map((tickMs) => (
        <div
          key={tickMs}
          data-part="tick"
          style={{ left: percent(tickMs / endMs) }}
          className="absolute top-6 bottom-0 w-px bg-border"
        />
      ))}
      {marginBand !== null && (
        <div
          data-part="margin"
          style={{
            left: percent(marginBand.start),
            width: percent(marginBand.end - marginBand.start),
          }}
          className="absolute inset-y-0 z-1 bg-(--bk-margin-band)"
        />
      )}
      {deadline !== null && (
        <div
          data-part="deadline"
          style={{ left: percent(deadline) }}
          className="absolute inset-y-0 z-3 -ml-px w-0.5 bg-(--bk-deadline) ring-1 ring-surface forced-colors:bg-[CanvasText]"
        />
      )}
    </div>
  )
}

function Axis({ layout, run }: { layout: Layout; run: Run }) {
  const { ticksMs, endMs, deadline } = layout
  return (
    <>
      {deadline !== null && (
        <span
          style={{ right: percent(1 - deadline) }}
          className="absolute top-1 text-xs whitespace-nowrap text-(--bk-late-ink)"
        >
          {run.budget_ms !== null && (
            <span className="max-sm:hidden">answers by {renderLimit(run.budget_ms)} · </span>
          )}
          deadline {renderLimit(run.deadline_ms ?? 0)}
        </span>
      )}
      {ticksMs.map((tickMs, index) => (
        <span
          key={tickMs}
          style={{ left: percent(tickMs / endMs) }}
          className={
            index === 0
              ? 'absolute bottom-1 text-xs font-normal'
              : 'absolute bottom-1 z-4 -translate-x-1/2 bg-surface px-0.5 text-xs font-normal whitespace-nowrap'
          }
        >
          {tickMs / 1_000}
          <span className="max-sm:hidden"> s</span>
        </span>
      ))}
    </>
  )
}
