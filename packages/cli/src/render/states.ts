// The states the dashboard speaks in, as a terminal shows them: a glyph, a word, a colour.
// A state is never colour alone.

import type { CallStatus, DeliveryStatus, RunStatus, RunStep } from '@bookend/contract'
import type { Style } from '../terminal/io.ts'

export interface Look {
  readonly glyph: string
  readonly word: string
  readonly color: 'green' | 'magenta' | 'yellow' | 'red' | 'gray' | 'cyan' | 'blue'
}

const LOOKS = {
  ok: { glyph: '✓', word: 'ok', color: 'green' },
  cached: { glyph: '≡', word: 'cached', color: 'magenta' },
  default: { glyph: '▲', word: 'default used', color: 'yellow' },
  cut: { glyph: '✂', word: 'cut at limit', color: 'yellow' },
  failed: { glyph: '✗', word: 'failed', color: 'red' },
  late: { glyph: '!', word: 'late', color: 'red' },
  skipped: { glyph: '⊖', word: 'skipped', color: 'gray' },
  notStarted: { glyph: '⊖', word: 'not started', color: 'gray' },
  running: { glyph: '…', word: 'running', color: 'cyan' },
  after: { glyph: '▒', word: 'after the answer', color: 'cyan' },
  wait: { glyph: '⧗', word: 'waiting', color: 'blue' },
  human: { glyph: '☺', word: 'waiting for human', color: 'blue' },
} as const satisfies Record<string, Look>

const STEP = {
  ok: LOOKS.ok,
  cached: LOOKS.cached,
  cut: LOOKS.cut,
  failed: LOOKS.failed,
  skipped: LOOKS.skipped,
  running: LOOKS.running,
  not_started: LOOKS.notStarted,
  waiting: LOOKS.wait,
} as const satisfies Record<RunStep['status'], Look>

const RUN = {
  answered: { ...LOOKS.ok, word: 'answered' },
  partial: { ...LOOKS.default, word: 'with defaults' },
  fallback: { ...LOOKS.default, word: 'fallback sent' },
  skipped: { ...LOOKS.skipped, word: 'no workflow ran' },
  queued: { ...LOOKS.wait, word: 'queued' },
  running: LOOKS.running,
  waiting: LOOKS.wait,
  completed: { ...LOOKS.ok, word: 'completed' },
  failed: LOOKS.failed,
  cancelled: { ...LOOKS.skipped, word: 'cancelled' },
  suppressed: { ...LOOKS.skipped, word: 'suppressed' },
} as const satisfies Record<RunStatus, Look>

const CALL = {
  ringing: { ...LOOKS.running, word: 'ringing' },
  in_progress: { ...LOOKS.running, word: 'in progress' },
  completed: { ...LOOKS.ok, word: 'completed' },
  transferred: { ...LOOKS.ok, word: 'transferred' },
  rejected: { ...LOOKS.skipped, word: 'rejected' },
  no_answer: { ...LOOKS.skipped, word: 'no answer' },
  failed: LOOKS.failed,
} as const satisfies Record<CallStatus, Look>

const DELIVERY = {
  pending: LOOKS.wait,
  delivered: { ...LOOKS.ok, word: 'delivered' },
  dead: { ...LOOKS.failed, word: 'given up' },
  cancelled: { ...LOOKS.skipped, word: 'cancelled' },
} as const satisfies Record<DeliveryStatus, Look>

export function lookOfStep(step: RunStep, deadlineMs: number | null = null): Look {
  if (step.status === 'waiting') return step.kind === 'human' ? LOOKS.human : LOOKS.wait
  if (step.after_answer && (step.status === 'ok' || step.status === 'running')) return LOOKS.after
  const endMs = step.start_ms + (step.duration_ms ?? 0)
  const isLate = deadlineMs !== null && !step.after_answer && endMs > deadlineMs
  return isLate ? LOOKS.late : STEP[step.status]
}

export const lookOfStatus = (status: RunStep['status']): Look => STEP[status]
export const lookOfRun = (status: RunStatus): Look => RUN[status]
export const lookOfCall = (status: CallStatus): Look => CALL[status]
export const lookOfDelivery = (status: DeliveryStatus): Look => DELIVERY[status]

export const paint = (style: Style, look: Look, text: string): string => style[look.color](text)
