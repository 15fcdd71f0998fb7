import type { Direction } from '@bookend/contract'

/** A participant of a room, as LiveKit’s SDKs have it. */
export interface SipParticipant {
  readonly attributes: Readonly<Record<string, string>>
}

export interface CallerFacts {
  readonly from: string | null
  readonly to: string | null
  readonly direction: Direction
  /** What else the participant’s attributes say; it becomes `call.context`. */
  readonly context: Readonly<Record<string, string>>
}

const KNOWN = new Set(['sip.phoneNumber', 'sip.trunkPhoneNumber', 'sip.callDirection'])

/** Who calls whom: LiveKit names the far end and the trunk's own number, whichever of them called. */
export function factsOf({ attributes }: SipParticipant): CallerFacts {
  const farSide = attributes['sip.phoneNumber'] ?? null
  const ownSide = attributes['sip.trunkPhoneNumber'] ?? null
  const context = Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !KNOWN.has(name)),
  )
  return /^out/i.test(attributes['sip.callDirection'] ?? '')
    ? { from: ownSide, to: farSide, direction: 'outbound', context }
    : { from: farSide, to: ownSide, direction: 'inbound', context }
}
