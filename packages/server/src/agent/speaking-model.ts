import type { JsonObject } from '@bookend/contract'
import type { Message } from './conversation.ts'
import type { Tool } from './tools.ts'

export interface ModelAsk {
  readonly system: string
  readonly messages: readonly Message[]
  readonly tools: readonly Tool[]
}

export type ModelPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'call'
      readonly id: string
      readonly name: string
      /** Whatever the model wrote there, as an object; an empty one for what is none. */
      readonly input: JsonObject
    }
  | { readonly kind: 'finished' }
  /** `detail` holds nothing of what was asked or answered. */
  | { readonly kind: 'failed'; readonly detail: string }

/** A language model that is heard while it thinks. */
export interface SpeakingModel {
  /**
   * Parts as they come; the last one is `finished` or `failed`. Never throws for what the model or the
   * network does. Once `signal` aborts, nothing more comes.
   */
  stream(ask: ModelAsk, signal: AbortSignal): AsyncIterable<ModelPart>
}
