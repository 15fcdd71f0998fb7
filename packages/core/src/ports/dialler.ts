// What places a call: a voice platform that is connected and can dial.
//
// D1. `dial` is asked once for a call, unless the platform itself knows a key again: then also after a
//     crash that left open whether it was asked.
// D2. Whether a number may be dialled at all, how often and when, is decided before it is asked.

import type { JsonObject } from '@bookend/contract'

export interface DialRequest {
  readonly workspaceId: string
  /** The same whenever the same call is asked for. */
  readonly key: string
  /** E.164. */
  readonly to: string
  /** The agent that speaks, by what its author calls it. */
  readonly agent: string
  readonly params: JsonObject
  readonly reason: string | null
}

export type Dialled =
  /** `callId`: as the platform names it. */
  | { readonly kind: 'placed'; readonly callId: string }
  /** Certainly not placed, and may be asked again. */
  | { readonly kind: 'retry'; readonly detail: string; readonly afterMs?: number }
  /** Certainly not placed, and never will be. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** Nobody can tell; it is not asked again. */
  | { readonly kind: 'unknown'; readonly detail: string }

export interface Dialler {
  readonly name: string
  /** Whether the platform knows a `key` again and then places no second call. */
  readonly knowsKeys: boolean
  /** Never throws for what the platform answered; what it throws is taken as `unknown`. */
  dial(request: DialRequest, signal: AbortSignal): Promise<Dialled>
}
