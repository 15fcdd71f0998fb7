import type { Run } from '@bookend/contract'
import { Scissors, TriangleAlert } from 'lucide-react'
import type { State } from '../../theme/states.ts'
import { STATE_OF_STEP } from '../../theme/states.ts'
import { join } from '../../ui/join.ts'
import { StateGlyph, toneOf } from '../../ui/state-badge.tsx'
import { LaneLabel } from './lane-label.tsx'
import { renderSpokenStep, renderStepLabel, renderTook } from './step-words.ts'
import { type Segment, splitPhases } from './phase-segments.ts'
import type { Bar, Waterfall, WaterfallRow } from './waterfall-geometry.ts'

interface StepRowProps {
  row: Extract<WaterfallRow, { kind: 'step' }>
  run: Run
  layout: Waterfall
  lanePx: number
  nowMs: number
  panelId: string
  isSelected: boolean
  /** Bars are split by the phases of their request. */
  hasPhases: boolean
  onSelect: (step: string | null) => void
}

const SCISSORS_ROOM_PX = 20
/** Of the bar's own colour, so that neighbours differ. */
const SHADES = [35, 65, 45, 80, 50, 92, 60] as const

export function StepRow(props: StepRowProps) {
  const { row, run, layout, lanePx, nowMs, panelId, isSelected, hasPhases, onSelect } = props
  const { step, bar, at, notch } = row
  const label = renderStepLabel(step, bar, run)
  const state: State = bar?.state ?? STATE_OF_STEP[step.status]
  const isMuted = bar === null
  return (
    <tr
      className={join(
        'h-7 hover:bg-sunken',
        isSelected && 'bg-sunken shadow-[inset_3px_0_0_var(--bk-accent)]',
      )}
    >
      <th scope="row" className="p-0 text-left font-normal">
        <button
          type="button"
          aria-expanded={isSelected}
          aria-controls={panelId}
          data-step={step.name}
          data-row
          onClick={() => onSelect(isSelected ? null : step.name)}
          className="flex h-7 w-full items-center gap-2 pr-2 pl-4 text-left max-sm:gap-1.5 max-sm:text-xs -outline-offset-2"
        >
          <StateGlyph state={state} />
          <span className={join('truncate', isMuted && 'text-muted')}>{step.name}</span>
          {step.default_used && (
            <TriangleAlert
              aria-hidden="true"
              className="size-3 shrink-0 text-(--bk-default-bar)"
              strokeWidth={2.5}
            />
          )}
          {step.connection !== null && (
            <span className="min-w-0 shrink-[2] truncate text-xs text-muted max-sm:sr-only">
              {step.connection}
            </span>
          )}
        </button>
      </th>
      <td
        className="relative cursor-pointer p-0"
        onClick={() => onSelect(isSelected ? null : step.name)}
      >
        <span className="sr-only">{renderSpokenStep(step, bar, nowMs)}</span>
        {notch !== null && bar !== null && (
          <span
            aria-hidden="true"
            style={{ left: `${100 * notch}%` }}
            className="absolute inset-y-0.5 z-1 w-px border-l border-dashed border-control"
          />
        )}
        {bar === null ? (
          <span
            aria-hidden="true"
            style={{ left: `${100 * at}%` }}
            className="absolute inset-y-1.5 z-2 border-l-2 border-dotted border-control"
          />
        ) : (
          <StepBar
            bar={bar}
            status={step.status}
            lanePx={lanePx}
            segments={hasPhases ? splitPhases(step) : []}
          />
        )}
        {label !== null && (
          <LaneLabel
            text={label}
            bar={bar ?? { start: at, end: at }}
            deadline={layout.deadline}
            lanePx={lanePx}
          />
        )}
      </td>
      <td
        className={join(
          'pr-3 text-right whitespace-nowrap max-sm:text-xs sm:pr-4',
          isMuted && 'text-muted',
        )}
      >
        {renderTook(step, nowMs)}
      </td>
    </tr>
  )
}

interface StepBarProps {
  bar: Bar
  status: string
  lanePx: number
  segments: readonly Segment[]
}

function StepBar({ bar, status, lanePx, segments }: StepBarProps) {
  const { state, start, end, open, clippedEndMs } = bar
  const isCut = status === 'cut'
  return (
    <span
      aria-hidden="true"
      data-part="bar"
      data-state={state}
      style={{ ...toneOf(state), left: `${100 * start}%`, width: `${100 * (end - start)}%` }}
      className={join(
        'absolute top-1/2 z-2 flex h-3.5 min-w-0.5 -translate-y-1/2 items-center justify-end overflow-hidden forced-colors:border',
        state === 'after' ? 'bk-hatched border border-(--bar)' : 'bg-(--bar)',
        isCut || open || clippedEndMs !== null ? 'rounded-l-xs' : 'rounded-xs',
        open && 'border-r-2 border-dashed border-surface',
      )}
    >
      {segments.map(({ name, start: from, end: to }, index) => (
        <span
          key={name}
          title={name}
          style={{
            left: `${100 * from}%`,
            width: `max(1px, calc(${100 * (to - from)}% - 1px))`,
            backgroundColor: `color-mix(in srgb, var(--bar) ${SHADES[index % SHADES.length]}%, var(--bk-surface))`,
          }}
          className="absolute inset-y-0"
        />
      ))}
      {isCut && (end - start) * lanePx > SCISSORS_ROOM_PX && (
        <Scissors className="mr-0.5 size-2.5 text-surface" strokeWidth={3} />
      )}
    </span>
  )
}
