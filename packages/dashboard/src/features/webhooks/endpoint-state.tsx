import type { Subscription, SubscriptionHealth } from '@bookend/contract'
import type { State } from '../../theme/states.ts'
import { StateBadge } from '../../ui/state-badge.tsx'

type EndpointState = SubscriptionHealth['state']

const LOOKS = {
  unused: { state: 'wait', word: 'nothing sent yet' },
  well: { state: 'ok', word: 'well' },
  failing: { state: 'default', word: 'failing' },
  paused: { state: 'cut', word: 'on hold' },
  disabled: { state: 'failed', word: 'off' },
} as const satisfies Record<EndpointState, { state: State; word: string }>

/** The answer to a write says nothing of health; what it was told then is all there is. */
export const stateOf = ({ enabled, health }: Subscription): EndpointState =>
  enabled ? (health?.state ?? 'unused') : 'disabled'

export function EndpointState({ webhook }: { webhook: Subscription }) {
  const { state, word } = LOOKS[stateOf(webhook)]
  return <StateBadge state={state}>{word}</StateBadge>
}
