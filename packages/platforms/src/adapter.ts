// The port between a voice platform's wire and Bookend.
//
//   request ─▶ verify (raw bytes) ─▶ readPreCall ─▶ run ─▶ writePreCall ─▶ answer
//   delivery ─▶ verify (raw bytes) ─▶ readEvents ─▶ store ─▶ acknowledge
//
// A1. Pure: no network, no clock, no state but caches of derived keys. Time is `received_at`.
// A2. Nothing throws on what came from outside: bad input is a verdict.
// A3. Nothing is parsed before it is verified, and what is verified are the bytes as they came.
// A4. What the platform cannot express is said in `degraded`, what it would refuse is dropped and named.

import type { Json } from '@bookend/contract'
import type { z } from 'zod'
import type {
  NeutralCall,
  NeutralEvent,
  NeutralPreCallRequest,
  PlatformId,
  PreCallResult,
} from './neutral.ts'

/** Which of the two routes was called; each has its own policy and, on some platforms, its own secret. */
export type Door = 'pre-call' | 'events'

export interface RawRequest {
  readonly door: Door
  readonly method: string
  /** As the server saw it; only an adapter with a configured public address signs against that. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly received_at: string
}

export type Verification =
  | { readonly ok: true }
  /** `challenge` is the answer's `WWW-Authenticate`, where the scheme wants one. */
  | { readonly ok: false; readonly why: string; readonly challenge?: string }

export interface AdapterReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
  readonly degraded: Degraded | null
  /** Names that the platform would refuse, or that are not the workflow's to set. */
  readonly dropped_parameters: readonly string[]
  /** For the run's log: what is likely to be a mistake of set-up. */
  readonly warnings: readonly string[]
}
/** The outcome could not be expressed as asked. */
export interface Degraded {
  readonly wanted: string
  readonly sent: string
  readonly reason: string
}

/** `unreadable`: not the format at all; `wrong_kind`: an event that belongs to the other route. */
export interface Refused {
  readonly kind: 'refused'
  readonly why: 'unreadable' | 'wrong_kind'
  readonly detail: string
}

export type PreCallReading =
  | { readonly kind: 'call'; readonly request: NeutralPreCallRequest }
  /** A question that needs no run, such as a portal asking what settings there are. */
  | { readonly kind: 'answer'; readonly reply: AdapterReply }
  | Refused

export type EventReading =
  | {
      readonly kind: 'events'
      readonly events: readonly NeutralEvent[]
      /** What a delivery that emits nothing still teaches about its call. */
      readonly notes: readonly CallNote[]
      /** Why nothing is emitted; null when something is. */
      readonly ignored: string | null
      /** What the platform must be answered, if an empty 2xx will not do. */
      readonly reply: AdapterReply | null
    }
  | Refused

export interface CallNote {
  readonly call_id: string
  readonly aliases: readonly string[]
  readonly run_id: string | null
  readonly call: NeutralCall
  /** An early sign of the end: complete the call unless the terminal event comes in time. */
  readonly ends: boolean
  readonly dedupe_key: string
  readonly occurred_at: string | null
  readonly received_at: string
}

/** A request that somebody with a network is to make. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON, unless the content type in `headers` is a form: then an object of its fields. */
  readonly body?: Json
}

/** What is known of one call's socket so far. */
export interface RelayState {
  readonly callId: string | null
  readonly sessionId: string
  readonly runId: string | null
  /** Our own id of a call that we placed. */
  readonly placedId: string | null
  /** Entries so far: each has a key of its own. */
  readonly said: number
  /** What the agent is saying, since when. */
  readonly speaking: { readonly text: string; readonly since: string } | null
  readonly spokenSince: string | null
}

export interface RelayMessage {
  readonly from: 'platform' | 'bookend'
  readonly message: unknown
  readonly at: string
}

export interface RelayReading {
  readonly state: RelayState
  readonly events: readonly NeutralEvent[]
}

export interface RawAnswer {
  readonly status: number
  readonly body: Uint8Array
}

export interface Hydration<O> {
  /**
   * Null when the options lack what the platform's API asks for.
   *
   * @param callId The event's `fetch_id` if it has one, else its call's id.
   */
  request(callId: string, options: O): OutgoingRequest | null
  read(answer: RawAnswer, options: O): Hydrated
}
export type Hydrated =
  | {
      readonly kind: 'call'
      readonly call_id: string | null
      readonly run_id: string | null
      readonly call: NeutralCall
      /** The record holds an analysis: `call.analyzed` may be emitted as well. */
      readonly analyzed: boolean
    }
  /** The record lags behind its event: ask again. */
  | { readonly kind: 'not_yet'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** One thing to set on the platform's side: by hand as `settings`, or by `requests`. */
export interface SetUpStep {
  readonly title: string
  /** Where it is found and why it matters. */
  readonly detail: string
  readonly settings?: Readonly<Record<string, Json>>
  /** The same through the platform's API, where its key and the targets are known. */
  readonly requests?: readonly OutgoingRequest[]
}

/** What is to be set up, by the platform's own ids. */
export interface SetUpTargets {
  readonly agentIds?: readonly string[]
  /** A number's id, or the number where the platform knows it by that. */
  readonly numberIds?: readonly string[]
}

/** The public addresses of one connection's two routes. */
export interface PublicUrls {
  readonly preCall: string
  readonly events: string
}

/** A call that is to be placed. */
export interface PlacedCall {
  readonly to: string
  /** E.164; null: the connection's own. */
  readonly from: string | null
  /** Our id of it, which the platform's events are to echo. */
  readonly call_id: string
  readonly result: PreCallResult
}

export interface Dialling<O> {
  /** What is said to be called from when nothing else is. */
  from(options: O): string | null
  /** Why it cannot be asked for at all, or the request that places it. */
  request(
    call: PlacedCall,
    options: O,
    urls: PublicUrls,
  ):
    | { readonly kind: 'request'; readonly request: OutgoingRequest }
    | { readonly kind: 'refused'; readonly reason: string }
  read(answer: RawAnswer): DialAnswer
}
export type DialAnswer =
  | { readonly kind: 'placed'; readonly call_id: string }
  /** Certainly not placed; `again`: it may be asked for later. */
  | { readonly kind: 'refused'; readonly reason: string; readonly again: boolean }
  /** Nobody can tell. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** How Bookend itself speaks on a platform's calls. */
export interface RelaySettings {
  /** Whom a call may be given to: a name, and its number. */
  readonly transfer_to: Readonly<Record<string, string>>
  /** Who of them takes a call whose model is lost. */
  readonly rescue: string | null
  readonly excuse: string
}

export interface Relaying<O> {
  /** Null: others speak. */
  settings(options: O): RelaySettings | null
  /** One message on the socket of a call, from either side. */
  read(state: RelayState, message: RelayMessage, options: O): RelayReading
}

export interface PlatformAdapter<O = unknown> {
  readonly platform: PlatformId
  readonly label: string
  /** The connection's settings; fields that hold secrets carry `{ secret: true }`. */
  readonly options: z.ZodType<O>
  /** How long a workflow may take, in milliseconds: the platform's limit less the way back. */
  budgetMs(options: O): number
  verify(request: RawRequest, options: O): Verification
  readPreCall(request: RawRequest, options: O): PreCallReading
  writePreCall(result: PreCallResult, request: NeutralPreCallRequest, options: O): AdapterReply
  readEvents(request: RawRequest, options: O): EventReading
  readonly hydrate?: Hydration<O>
  readonly dial?: Dialling<O>
  readonly relay?: Relaying<O>
  setUp(options: O, urls: PublicUrls, targets?: SetUpTargets): readonly SetUpStep[]
}
