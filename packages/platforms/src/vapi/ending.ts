import type { NeutralCall } from '../neutral.ts'

type Ending = Pick<NeutralCall, 'status' | 'answered_by' | 'transferred'>

const REACHED: Ending = { status: 'completed', answered_by: 'human', transferred: false }
const FORWARDED: Ending = { ...REACHED, transferred: true }

const ENDINGS: ReadonlyMap<string, Ending> = new Map([
  [
    'customer-did-not-answer',
    { status: 'no_answer', answered_by: 'no_answer', transferred: false },
  ],
  ['customer-busy', { status: 'busy', transferred: false }],
  ['voicemail', { status: 'completed', answered_by: 'voicemail', transferred: false }],
  ['assistant-forwarded-call', FORWARDED],
  ['assistant-request-returned-forwarding-phone-number', FORWARDED],
  ['assistant-request-returned-error', { status: 'rejected', transferred: false }],
])

const FAILURES =
  /^assistant-request-|^call\.start\.error-|^call\.in-progress\.error-|^pipeline-error-|-failed$|vapifault|providerfault/

/** How a call ended, by the platform's word for why; a word that nobody knows is an ordinary end. */
export const endingOf = (endedReason: string): Ending =>
  ENDINGS.get(endedReason) ??
  (FAILURES.test(endedReason) ? { status: 'failed', transferred: false } : REACHED)
