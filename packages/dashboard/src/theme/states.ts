// The states every list, badge, legend and chart speaks in: word, glyph and colour token.
//
// S1. A state is never colour alone: each row has a word and a glyph.
// S2. Statuses of calls, runs, steps and deliveries reach a colour only through these tables.

import type { CallStatus, DeliveryStatus, RunStatus, StepStatus } from '@bookend/contract'

export const states = [
  'ok',
  'cached',
  'default',
  'cut',
  'failed',
  'late',
  'skipped',
  'running',
  'after',
  'wait',
  'human',
] as const
export type State = (typeof states)[number]

export interface StateLook {
  word: string
  /** Name of a lucide icon; `hatching` is a pattern and has none. */
  glyph: string
  /** The variables are `--bk-<token>-bar`, `-ink` and `-tint`. */
  token: State
}

export const STATE_LOOKS = {
  ok: { word: 'ok', glyph: 'Check', token: 'ok' },
  cached: { word: 'cached', glyph: 'Database', token: 'cached' },
  default: { word: 'default used', glyph: 'TriangleAlert', token: 'default' },
  cut: { word: 'cut at limit', glyph: 'Scissors', token: 'cut' },
  failed: { word: 'failed', glyph: 'X', token: 'failed' },
  late: { word: 'late', glyph: 'AlarmClockOff', token: 'late' },
  skipped: { word: 'skipped', glyph: 'CircleMinus', token: 'skipped' },
  running: { word: 'running', glyph: 'Loader', token: 'running' },
  after: { word: 'after the answer', glyph: 'hatching', token: 'after' },
  wait: { word: 'waiting', glyph: 'Hourglass', token: 'wait' },
  human: { word: 'waiting for human', glyph: 'UserRound', token: 'human' },
} as const satisfies Record<State, StateLook>

export const STATE_OF_RUN = {
  answered: 'ok',
  partial: 'default',
  fallback: 'default',
  skipped: 'skipped',
  queued: 'wait',
  running: 'running',
  waiting: 'wait',
  completed: 'ok',
  failed: 'failed',
  cancelled: 'skipped',
  suppressed: 'skipped',
} as const satisfies Record<RunStatus, State>

export const STATE_OF_STEP = {
  ok: 'ok',
  cached: 'cached',
  cut: 'cut',
  failed: 'failed',
  skipped: 'skipped',
  running: 'running',
  not_started: 'skipped',
  waiting: 'wait',
} as const satisfies Record<StepStatus, State>

export const STATE_OF_CALL = {
  ringing: 'running',
  in_progress: 'running',
  completed: 'ok',
  rejected: 'skipped',
  transferred: 'ok',
  failed: 'failed',
  no_answer: 'skipped',
} as const satisfies Record<CallStatus, State>

export const STATE_OF_DELIVERY = {
  pending: 'wait',
  delivered: 'ok',
  dead: 'failed',
  cancelled: 'skipped',
} as const satisfies Record<DeliveryStatus, State>

export const cssVariable = (state: State, part: 'bar' | 'ink' | 'tint'): string =>
  `--bk-${STATE_LOOKS[state].token}-${part}`
