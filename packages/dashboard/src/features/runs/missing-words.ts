import type { Missing, MissingReason } from '@bookend/contract'
import type { State } from '../../theme/states.ts'

export const MISSING = {
  timed_out: { word: 'cut at its limit', state: 'cut' },
  failed: { word: 'failed', state: 'failed' },
  skipped: { word: 'skipped', state: 'skipped' },
  invalid: { word: 'refused', state: 'failed' },
  circuit_open: { word: 'not asked, circuit open', state: 'skipped' },
} as const satisfies Record<MissingReason, { word: string; state: State }>

/** `cut at its limit in step tickets: over 2 KB` */
export function renderMissing({ name, reason, step, detail }: Missing): string {
  const where = step === null || step === name ? '' : ` in step ${step}`
  return `${MISSING[reason].word}${where}${detail === undefined ? '' : `: ${detail}`}`
}
