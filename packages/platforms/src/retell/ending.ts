import type { NeutralCall } from '../neutral.ts'

type Ending = Pick<NeutralCall, 'status' | 'answered_by' | 'transferred'>

const REACHED: Ending = { status: 'completed', answered_by: 'human', transferred: false }
const FAILED: Ending = { status: 'failed', transferred: false }

const FAILURES =
  /^(dial_failed|invalid_destination|telephony_.*|sip_routing_error|no_valid_payment|concurrency_limit_reached|registered_call_timeout|error_.*)$/

const ENDINGS: ReadonlyMap<string, Ending> = new Map([
  ['dial_no_answer', { status: 'no_answer', answered_by: 'no_answer', transferred: false }],
  ['dial_busy', { status: 'busy', transferred: false }],
  ['user_declined', { status: 'rejected', transferred: false }],
  ['voicemail_reached', { status: 'completed', answered_by: 'voicemail', transferred: false }],
  ['call_transfer', { ...REACHED, transferred: true }],
  ['transfer_bridged', { ...REACHED, transferred: true }],
  ['call_take_over', { ...REACHED, transferred: true }],
])

/** How a call ended, by the platform's word for why; a word that nobody knows is an ordinary end. */
export const endingOf = (disconnectionReason: string): Ending =>
  ENDINGS.get(disconnectionReason) ?? (FAILURES.test(disconnectionReason) ? FAILED : REACHED)
