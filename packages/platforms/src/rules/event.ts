import type { CallNote, RawRequest } from '../adapter.ts'
import type {
  NeutralCall,
  NeutralEvent,
  NeutralEventType,
  PlatformId,
  TranscriptUpdate,
} from '../neutral.ts'

export interface EventFacts {
  readonly type: NeutralEventType
  readonly callId: string
  readonly key: string
  /** The platform's own id, when it has one. */
  readonly eventId?: string | null
  readonly attempt?: number
  readonly aliases?: readonly string[]
  readonly call?: NeutralCall | undefined
  readonly transcript?: TranscriptUpdate
  readonly runId?: string | null
  readonly needsHydration?: boolean
  readonly fetchId?: string | null
  readonly occurredAt?: string | null
}

/** A neutral event from what one delivery says. */
export function neutralEvent(
  platform: PlatformId,
  request: Pick<RawRequest, 'received_at'>,
  facts: EventFacts,
): NeutralEvent {
  return {
    event_type: facts.type,
    event_id: facts.eventId ?? facts.key,
    platform,
    payload: {
      call_id: facts.callId,
      attempt: facts.attempt ?? 1,
      aliases: (facts.aliases ?? []).filter((alias) => alias !== facts.callId),
      ...(facts.call === undefined ? {} : { call: facts.call }),
      ...(facts.transcript === undefined ? {} : { transcript: facts.transcript }),
    },
    dedupe_key: facts.key,
    run_id: facts.runId ?? null,
    needs_hydration: facts.needsHydration ?? false,
    ...(facts.fetchId === undefined || facts.fetchId === null ? {} : { fetch_id: facts.fetchId }),
    occurred_at: facts.occurredAt ?? null,
    received_at: request.received_at,
  }
}

/** What a delivery that emits nothing teaches. */
export function callNote(
  request: Pick<RawRequest, 'received_at'>,
  facts: Omit<EventFacts, 'type' | 'transcript' | 'needsHydration'> & { readonly ends?: boolean },
): CallNote {
  return {
    call_id: facts.callId,
    aliases: (facts.aliases ?? []).filter((alias) => alias !== facts.callId),
    run_id: facts.runId ?? null,
    call: facts.call ?? {},
    ends: facts.ends ?? false,
    dedupe_key: facts.key,
    occurred_at: facts.occurredAt ?? null,
    received_at: request.received_at,
  }
}
