import type { PreCallStatus } from '@bookend/contract'
import { STATE_OF_RUN, type State } from '../../theme/states.ts'

const isAnswer = (status: string): status is PreCallStatus => status in WORDS

const WORDS = {
  answered: () => 'answered',
  partial: (missing) => (missing === 1 ? 'with 1 default' : `with ${missing} defaults`),
  fallback: () => 'fallback sent',
  skipped: () => 'no workflow ran',
} as const satisfies Record<PreCallStatus, (missing: number) => string>

/** The words of the answer badge; a status this version does not know is shown as it came. */
export function renderAnswer(status: string, missingCount: number): { word: string; state: State } {
  if (!isAnswer(status)) return { word: status, state: 'running' }
  return { word: WORDS[status](missingCount), state: STATE_OF_RUN[status] }
}
