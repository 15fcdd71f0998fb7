// Outcomes that a platform cannot express.
//
// O1. The platform's own means come first; an adapter names the outcomes it has means for.
// O2. Else reserved parameters tell the prompt, when the connection asks for them. They are then sent
//     with every answer, so that no placeholder stays unresolved.
// O3. Else the call goes on as if nothing had been decided. O2 and O3 are always said in `degraded`.
// O4. A transfer goes to a number or not at all.

import type { Degraded } from '../adapter.ts'
import type { NeutralOutcome, PreCallResult } from '../neutral.ts'
import { isE164 } from './numbers.ts'

export interface Settled {
  /** What the adapter is to express, by its own means. */
  readonly outcome: NeutralOutcome
  /** Reserved parameters that go with it. */
  readonly reserved: Readonly<Record<string, string>>
  readonly degraded: Degraded | null
}

const CONTINUE: NeutralOutcome = { type: 'continue' }

export function settleOutcome(
  result: PreCallResult,
  options: { readonly outcome_parameters: boolean },
  expressible: readonly NeutralOutcome['type'][],
): Settled {
  const { outcome } = result
  const reserved = (said: NeutralOutcome) =>
    options.outcome_parameters ? outcomeParameters(said) : {}
  if (outcome.type === 'transfer' && !isE164(outcome.to_number)) {
    const reason = 'transfer target is not an E.164 number'
    const degraded = { wanted: 'transfer', sent: 'continue', reason }
    return { outcome: CONTINUE, reserved: reserved(CONTINUE), degraded }
  }
  if (outcome.type === 'continue' || expressible.includes(outcome.type)) {
    return { outcome, reserved: reserved(outcome), degraded: null }
  }
  const sent = options.outcome_parameters ? 'parameters' : 'continue'
  const reason = 'platform cannot express this outcome'
  const degraded = { wanted: outcome.type, sent, reason }
  return { outcome: CONTINUE, reserved: reserved(outcome), degraded }
}

/** The outcome as parameters that a prompt can act on. */
export function outcomeParameters(outcome: NeutralOutcome): Record<string, string> {
  switch (outcome.type) {
    case 'continue':
      return { bookend_outcome: 'continue' }
    case 'route':
      return { bookend_outcome: 'route', bookend_agent_id: outcome.agent_id }
    case 'transfer':
      return { bookend_outcome: 'transfer', bookend_transfer_to: outcome.to_number }
    case 'reject':
      return { bookend_outcome: 'reject', bookend_reject_reason: outcome.reason ?? 'declined' }
    case 'say':
      return { bookend_outcome: 'say', bookend_say: outcome.text }
  }
}

/** A greeting that the platform does not let us set; what happened to the outcome matters more. */
export const greetingLost = (result: PreCallResult, reason: string): Degraded | null =>
  result.greeting === undefined || result.greeting === ''
    ? null
    : { wanted: 'greeting', sent: 'nothing', reason }
