// What every voice platform's wire becomes (and what workflows and journeys see): field names are
// the published contract's, all times are ISO 8601 UTC with milliseconds.

import type { Json } from '@bookend/contract'

export const platformIds = [
  'simple-ai',
  'retell',
  'vapi',
  'elevenlabs',
  'twilio',
  'telnyx',
  'bland',
  'assemblyai',
  'livekit',
  'jambonz',
  'sip',
] as const
export type PlatformId = (typeof platformIds)[number]
export type Direction = 'inbound' | 'outbound'

export interface NeutralAgent {
  readonly id: string | null
  readonly name: string | null
  readonly version: string | null
}

/** A platform asks what the agent should know before its first word. */
export interface NeutralPreCallRequest {
  readonly platform: PlatformId
  readonly call: {
    /** E.164; null when withheld or not a number. */
    readonly from_number: string | null
    readonly to_number: string | null
    /** `inbound` when the platform does not say. */
    readonly direction: Direction
    /** The platform's time if it gives one, else `received_at`. */
    readonly timestamp: string
    readonly provider_call_id: string | null
    /** Other ids of the same call, for joining later. */
    readonly aliases: readonly string[]
    /** True only for full attestation (STIR/SHAKEN A). */
    readonly caller_verified: boolean | null
  }
  readonly agent: NeutralAgent
  /** Further facts, all text from outside. */
  readonly context: Readonly<Record<string, string>>
  /** Equal keys within `memo_window_ms` are one call and run once; null: never the same call. */
  readonly memo_key: string | null
  readonly memo_window_ms: number
  /** Who asks understands the whole answer, outcome included, not only parameters. */
  readonly extended_answer?: boolean
  readonly received_at: string
}

export type NeutralOutcome =
  | { readonly type: 'continue' }
  | {
      readonly type: 'route'
      readonly agent_id: string
      readonly agent_version?: number | string | undefined
    }
  | {
      readonly type: 'transfer'
      readonly to_number: string
      readonly message?: string | undefined
    }
  /** `busy`, `declined` and `unavailable` have their own signals where the platform has them. */
  | { readonly type: 'reject'; readonly reason?: string | undefined }
  /** Speak one sentence, then end the call. */
  | { readonly type: 'say'; readonly text: string }

/** What a workflow run ends with. */
export interface PreCallResult {
  readonly run_id: string
  readonly outcome: NeutralOutcome
  readonly parameters: Readonly<Record<string, Json>>
  /** Opening sentence, where the platform lets us set one. */
  readonly greeting?: string | undefined
  /** Our own id of a call that we place, for a platform that echoes it. */
  readonly call_id?: string
}

export const neutralEventTypes = [
  'call.started',
  'call.transcript_update',
  'call.completed',
  'call.analyzed',
] as const
export type NeutralEventType = (typeof neutralEventTypes)[number]

export interface NeutralEvent {
  readonly event_type: NeutralEventType
  /** The platform's id, else the dedupe key. */
  readonly event_id: string
  readonly platform: PlatformId
  readonly payload: {
    readonly call_id: string
    /** 1 when the platform does not say. */
    readonly attempt: number
    readonly aliases: readonly string[]
    /** What this event teaches; absent keys teach nothing. */
    readonly call?: NeutralCall
    readonly transcript?: TranscriptUpdate
  }
  readonly dedupe_key: string
  /** The pre-call run that the platform echoes, if it does. */
  readonly run_id: string | null
  /** A thin event: fetch the call before a journey uses it. */
  readonly needs_hydration: boolean
  /** The id by which the platform's API knows the call, where it is another than `call_id`. */
  readonly fetch_id?: string
  readonly occurred_at: string | null
  readonly received_at: string
}

export type NeutralCallStatus =
  | 'in_progress'
  | 'completed'
  | 'no_answer'
  | 'busy'
  | 'failed'
  | 'rejected'

export interface NeutralCall {
  readonly from_number?: string | null
  readonly to_number?: string | null
  readonly direction?: Direction
  readonly agent?: NeutralAgent
  readonly status?: NeutralCallStatus
  /** The platform's own word, untouched. */
  readonly ended_reason?: string | null
  readonly answered_by?: 'human' | 'voicemail' | 'no_answer' | 'unknown'
  readonly transferred?: boolean
  readonly started_at?: string | null
  readonly ended_at?: string | null
  /** Whole seconds. */
  readonly duration?: number | null
  readonly params?: Readonly<Record<string, Json>>
  readonly transcripts?: readonly TranscriptEntry[]
  readonly recording_presigned_url?: string | null
  readonly summary?: string | null
  readonly analysis_results?: readonly AnalysisResult[]
  /** What an agent of ours handed over when its conversation ended. */
  readonly handoff?: Json
}

export interface AnalysisResult {
  readonly name: string
  /** As the platform extracted it, never converted. */
  readonly result: Json
}

export interface TranscriptEntry {
  readonly role: 'agent' | 'user' | 'tool' | 'system'
  readonly text: string
  /** Wall clock, if given. */
  readonly timestamp: string | null
  /** From the start of the call, if given. */
  readonly offset_ms: number | null
  readonly function_name?: string
  /** Parsed when it is valid JSON, else the text. */
  readonly arguments?: Json
}

export interface TranscriptUpdate {
  /** `fetch`: the event carries no text. */
  readonly mode: 'append' | 'replace' | 'fetch'
  /** False: may still change. */
  readonly final: boolean
  /** Replaces the last entry of the same role. */
  readonly amends_previous?: boolean
  readonly entries: readonly TranscriptEntry[]
}
