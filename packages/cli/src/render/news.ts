// One line for one piece of news about the work after a call.

import type { RunStep } from '@bookend/contract'
import type { News } from '../call/trace-news.ts'
import { columnsOf, fit, padEnd, padStart, printable, renderMs } from '../terminal/text.ts'
import { lookOfDelivery, lookOfRun, lookOfStep, paint, type Look } from './states.ts'
import type { View } from './waterfall.ts'

const SOURCE_COLUMNS = 18
const STEP_COLUMNS = 20
const MS_COLUMNS = 9

const RETRY: Look = { glyph: '↻', word: 'retry', color: 'yellow' }
const BEGAN: Look = { glyph: '▶', word: 'began', color: 'cyan' }

export function renderNews(news: News, view: View): string {
  switch (news.kind) {
    case 'run-began':
      return line(
        news.run.workflow,
        BEGAN,
        'began',
        '',
        `on ${news.run.event_type ?? 'demand'}`,
        view,
      )
    case 'attempt-failed': {
      const { run, step, attempt, error } = news
      return line(run.workflow, RETRY, step.name, '', `attempt ${attempt}: ${error}`, view)
    }
    case 'step': {
      const { run, step } = news
      const ms = step.duration_ms === null ? '' : renderMs(step.duration_ms)
      return line(run.workflow, lookOfStep(step), step.name, ms, renderStepNote(step), view)
    }
    case 'run-ended': {
      const { run } = news
      const look = lookOfRun(run.status)
      const ms = run.duration_ms === null ? '' : renderMs(run.duration_ms)
      return line(run.workflow, look, look.word, ms, run.error ?? '', view)
    }
    case 'delivery': {
      const { delivery } = news
      const note = renderDeliveryNote(news)
      return line('delivery', lookOfDelivery(delivery.status), delivery.event_type, '', note, view)
    }
  }
}

function line(
  source: string,
  look: Look,
  what: string,
  ms: string,
  note: string,
  view: View,
): string {
  const name = padEnd(fit(printable(source), SOURCE_COLUMNS), SOURCE_COLUMNS)
  const step = padEnd(fit(printable(what), STEP_COLUMNS), STEP_COLUMNS)
  const time = padStart(ms, MS_COLUMNS)
  const head = columnsOf(`  ${name}  ${look.glyph} ${step} ${time}  `)
  const rest = fit(printable(note), Math.max(view.columns - head, 0))
  const { style } = view
  const tail = `${step} ${time}  ${look.color === 'red' ? style.red(rest) : style.dim(rest)}`
  return `  ${style.dim(name)}  ${paint(style, look, look.glyph)} ${tail}`.trimEnd()
}

function renderStepNote(step: RunStep): string {
  if (step.status === 'failed' || step.status === 'cut') return step.error ?? lookOfStep(step).word
  if (step.status === 'waiting') {
    const limit = step.limit_ms === null ? '' : `, at most ${renderMs(step.limit_ms)}`
    return `${lookOfStep(step).word}${limit}`
  }
  const where = step.action ?? step.connection ?? (step.kind === 'step' ? '' : step.kind)
  const tries = step.attempts.length > 1 ? `×${step.attempts.length}` : ''
  const skipped = step.status === 'skipped' ? `skipped ${step.error ?? ''}` : ''
  return [skipped, where, tries].filter((part) => part !== '').join('  ')
}

function renderDeliveryNote({ delivery }: Extract<News, { kind: 'delivery' }>): string {
  const {
    status,
    attempts,
    last_status: answer,
    last_error: error,
    next_attempt_at: next,
  } = delivery
  const result = answer === null ? (error ?? '') : `answered ${answer}`
  const tries = attempts > 1 ? `×${attempts}` : ''
  const again = status === 'pending' && next !== null ? `again at ${next.slice(11, 19)} UTC` : ''
  const word = status === 'delivered' ? '' : lookOfDelivery(status).word
  return [word, result, tries, again].filter((part) => part !== '').join('  ')
}
