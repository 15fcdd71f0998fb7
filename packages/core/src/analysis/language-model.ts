import type { JsonObject } from '@bookend/contract'
import type { StopSignal } from '../ports/stop-signal.ts'
import type { FaultVerdict } from '../ports/verdict.ts'

export interface ModelQuestion {
  readonly system: string
  readonly user: string
  /** JSON Schema of the answer, of the part that structured output knows; an object at its root. */
  readonly schema: JsonObject
  /** Another than the one that is configured. */
  readonly model?: string
  readonly temperature?: number
  readonly maxOutputTokens: number
  readonly timeoutMs: number
  readonly signal: StopSignal
}

export interface ModelUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** In US dollars; null where prices are not known. */
  readonly cost: number | null
}

/**
 * `answered` holds what came as JSON, checked against nothing yet. `refused`: the model will not say.
 * `cut`: it ran out of room. `invalid`: it is no answer.
 */
export type ModelReply =
  | {
      readonly kind: 'answered'
      readonly output: unknown
      readonly usage: ModelUsage | null
      readonly model: string
    }
  | {
      readonly kind: 'refused' | 'cut' | 'invalid'
      readonly usage: ModelUsage | null
      readonly model: string
    }
  | { readonly kind: 'fault'; readonly verdict: FaultVerdict }

export interface LanguageModel {
  /** One try. Nothing that the network or the model does makes it reject. */
  complete(question: ModelQuestion): Promise<ModelReply>
}
