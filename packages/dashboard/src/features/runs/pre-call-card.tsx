import type { Run } from '@bookend/contract'
import { type ReactNode, useId, useMemo, useRef, useState } from 'react'
import { STATE_OF_RUN, type State } from '../../theme/states.ts'
import { Card } from '../../ui/card.tsx'
import { Check } from '../../ui/field.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { renderDuration } from '../../format/duration.ts'
import { renderId } from '../../format/id.ts'
import { renderAnswer } from '../calls/render-answer.ts'
import { Legend } from './legend.tsx'
import { MissingList } from './missing-list.tsx'
import { splitPhases } from './phase-segments.ts'
import { StepPanel } from './step-panel.tsx'
import { MARK_WORDS, renderStepLabel } from './step-words.ts'
import { Waterfall } from './waterfall.tsx'
import {
  type Bar,
  findAnswerMs,
  findMark,
  layOutWaterfall,
  type Waterfall as Layout,
} from './waterfall-geometry.ts'
import { renderWaterfallSentence } from './waterfall-sentence.ts'

interface PreCallCardProps {
  run: Run
  selected: string | null
  onSelect: (step: string | null) => void
  title?: string
  /** What can be done with it. */
  actions?: ReactNode
}

/** The pre-call run: chart, sentence, what is missing, and the step that was chosen. */
export function PreCallCard({
  run,
  selected,
  onSelect,
  title = 'Before the call',
  actions,
}: PreCallCardProps) {
  const panelId = useId()
  const card = useRef<HTMLDivElement>(null)
  const [onlyCritical, setOnlyCritical] = useState(false)
  const [hasPhases, setHasPhases] = useState(false)
  const step = run.steps.find(({ name }) => name === selected)
  const layout = useMemo(() => layOutWaterfall(run, 0), [run])
  const close = (): void => {
    onSelect(null)
    card.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(selected ?? '')}"]`)?.focus()
  }
  return (
    <div ref={card}>
      <Card
        title={title}
        flush
        aside={
          <>
            <RunBadge run={run} />
            <span className="text-muted">
              {run.workflow}
              {run.version !== null && (
                <span title={run.version}> · {run.version.slice(0, 8)}</span>
              )}
            </span>
            {actions !== undefined && <div className="ml-auto">{actions}</div>}
          </>
        }
      >
        <Waterfall
          run={run}
          selected={step?.name ?? null}
          onSelect={onSelect}
          panelId={panelId}
          onlyCritical={onlyCritical}
          hasPhases={hasPhases}
        />
        {/* The table's caption says the same to who hears the page. */}
        <p aria-hidden="true" className="px-4 py-3">
          {renderWaterfallSentence(run)}
        </p>
        {run.steps.length === 0 && (
          <p className="px-4 pb-3 text-muted">This run recorded no steps.</p>
        )}
        {run.error !== null && (
          <p className="mx-4 mb-3 rounded-control bg-failed-tint px-3 py-2 font-mono text-xs [overflow-wrap:anywhere] text-failed-ink">
            {run.failure !== null && `${run.failure}: `}
            {run.error}
          </p>
        )}
        {run.repeat_of != null && (
          <p className="px-4 pb-3 text-muted">
            Asked again a moment later: the answer of run {renderId(run.repeat_of)} was given from
            memory.
          </p>
        )}
        <MissingList run={run} />
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 pb-3">
          <Legend layout={layout} />
          {run.steps.length > 1 && (
            <div className="flex flex-wrap gap-x-4 text-xs">
              <Check label="Critical path only" checked={onlyCritical} onChange={setOnlyCritical} />
              {run.steps.some((each) => splitPhases(each).length > 0) && (
                <Check label="HTTP phases" checked={hasPhases} onChange={setHasPhases} />
              )}
            </div>
          )}
        </div>
        {step !== undefined && (
          <StepPanel
            id={panelId}
            step={step}
            label={renderStepLabel(step, findBar(layout, step.name), run)}
            onClose={close}
          />
        )}
      </Card>
    </div>
  )
}

function findBar({ rows }: Layout, name: string): Bar | null {
  const row = rows.find((each) => each.kind === 'step' && each.step.name === name)
  return row?.kind === 'step' ? row.bar : null
}

function RunBadge({ run }: { run: Run }) {
  const mark = findMark(run)
  const answerMs = findAnswerMs(run)
  const { word } = renderAnswer(run.status, run.missing.length)
  const state: State = mark === 'late' ? 'late' : STATE_OF_RUN[run.status]
  return (
    <StateBadge state={state}>
      {word}
      {answerMs !== null && `, ${renderDuration(answerMs)}`}
      {mark !== null && `, ${MARK_WORDS[mark]}`}
    </StateBadge>
  )
}
