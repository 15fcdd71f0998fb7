// A piece of news about the work after a call: one line, and a second for what went wrong.
//
//   workflow            glyph what                  ms  where, how often
//       ↳ error

import type { Delivery, RunStep } from '@bookend/contract'
import type { News } from '../call/trace-news.ts'
import { columnsOf, fit, padEnd, padStart, printable, renderDuration } from '../terminal/text.ts'
import { lookOfDelivery, lookOfRun, lookOfStep, paint, type Look } from './states.ts'
import type { View } from './waterfall.ts'

interface Entry {
  readonly source: string
  readonly look: Look
  readonly what: string
  readonly durationMs?: number | null
  readonly note?: string
  readonly error?: string | null
}

const SOURCE_COLUMNS = 18
const WHAT_COLUMNS = 18
const MS_COLUMNS = 9

const RETRY: Look = { glyph: '↻', word: 'retry', color: 'yellow' }
const BEGAN: Look = { glyph: '▶', word: 'began', color: 'cyan' }

export const renderNews = (news: News, view: View): string[] => renderEntry(describe(news), view)

function describe(news: News): Entry {
  switch (news.kind) {
    case 'run-began': {
      const { workflow, event_type: type } = news.run
      return {
        source: workflow,
        look: BEGAN,
        what: 'began',
        note: type === null ? '' : `on ${type}`,
      }
    }
    case 'attempt-failed': {
      const { run, step, attempt, error } = news
      const note = `attempt ${attempt} failed`
      return { source: run.workflow, look: RETRY, what: step.name, note, error }
    }
    case 'step': {
      const { run, step } = news
      return {
        source: run.workflow,
        look: lookOfStep(step),
        what: step.name,
        durationMs: step.duration_ms,
        note: renderStepNote(step),
        error: step.status === 'ok' || step.status === 'cached' ? null : step.error,
      }
    }
    case 'run-ended': {
      const { workflow, status, duration_ms: durationMs, error } = news.run
      const look = lookOfRun(status)
      return { source: workflow, look, what: look.word, durationMs, error }
    }
    case 'delivery':
      return describeDelivery(news.delivery)
  }
}

function renderStepNote(step: RunStep): string {
  if (step.status === 'waiting') {
    return step.limit_ms === null ? lookOfStep(step).word : `up to ${renderDuration(step.limit_ms)}`
  }
  const where = step.action ?? step.connection ?? (step.kind === 'step' ? '' : step.kind)
  const tries = step.attempts.length > 1 ? `×${step.attempts.length}` : ''
  const ended = step.status === 'ok' ? '' : lookOfStep(step).word
  return [ended, where, tries].filter((part) => part !== '').join('  ')
}

function describeDelivery(delivery: Delivery): Entry {
  const { status, attempts, last_status: answer, next_attempt_at: next } = delivery
  const result = answer === null ? '' : `answered ${answer}`
  const tries = attempts > 1 ? `×${attempts}` : ''
  const again = status === 'pending' && next !== null ? `again at ${next.slice(11, 19)} UTC` : ''
  const note = [result, tries].filter((part) => part !== '').join('  ')
  const why = [delivery.last_error ?? '', again].filter((part) => part !== '').join('; ')
  const error = status === 'delivered' ? null : why
  return {
    source: 'delivery',
    look: lookOfDelivery(status),
    what: delivery.event_type,
    note,
    error,
  }
}

function renderEntry(entry: Entry, { columns, style }: View): string[] {
  const { source, look, what, durationMs = null, note = '', error = null } = entry
  const name = padEnd(fit(printable(source), SOURCE_COLUMNS), SOURCE_COLUMNS)
  const label = padEnd(fit(printable(what), WHAT_COLUMNS), WHAT_COLUMNS)
  const time = padStart(durationMs === null ? '' : renderDuration(durationMs), MS_COLUMNS)
  const taken = columnsOf(`  ${name}  ${look.glyph} ${label} ${time}  `)
  const rest = fit(printable(note), Math.max(columns - taken, 0))
  const tail = rest === '' ? '' : `  ${style.dim(rest)}`
  const line = `  ${style.dim(name)}  ${paint(style, look, look.glyph)} ${label} ${time}${tail}`
  if (error === null || error === '') return [line.trimEnd()]
  const why = fit(`${' '.repeat(SOURCE_COLUMNS + 4)}↳ ${printable(error)}`, columns)
  return [line.trimEnd(), paint(style, look, why)]
}
