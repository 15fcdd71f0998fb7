// Carries a conversation on: asks the model, hands its words to the voice as they come, keeps the waits.
//
//   hear ─▶ advance (pure) ─▶ effects ─▶ voice · model · clock ─▶ hear …
//
// L1. A token goes to the voice in the same turn of the event loop in which the model's came.
// L2. A model that falls silent for long has failed, whatever its connection does.
// L3. Once it is over nothing is asked, spoken or waited for any more.

import type { Clock } from '@bookend/core'
import {
  advance,
  newConversation,
  type Conversation,
  type Effect,
  type Ending,
  type Entry,
  type Heard,
  type Manners,
  type Message,
} from './conversation.ts'
import type { SpeakingModel } from './speaking-model.ts'
import { listTools } from './tools.ts'

/** Where a conversation is heard. */
interface Voice {
  speak(text: string, last: boolean): void
  press(digits: string): void
  record(entry: Entry): void
  /** The agent's last words were heard only so far. */
  amend(text: string): void
  end(ending: Ending): void
  /** How long it takes to speak these words. */
  speechMs(text: string): number
}

export interface LiveConversationOptions {
  readonly model: SpeakingModel
  readonly voice: Voice
  readonly clock: Clock
  readonly system: string
  readonly manners: Manners
  /** Of what was said before, where it goes on. */
  readonly messages?: readonly Message[]
  /** A fault of the model's, in words that hold nothing of the conversation. */
  readonly onFault?: (detail: string) => void
}

const SILENCE_MAX_MS = 15_000
const DIGITS_MS = 1_500

export class LiveConversation {
  readonly #options: LiveConversationOptions
  #state: Conversation
  #asking: AbortController | null = null
  #cancelWait: () => void = () => undefined
  #idle: (() => void)[] = []

  constructor(options: LiveConversationOptions) {
    this.#options = options
    this.#state = newConversation(options.manners, options.messages)
  }

  get isOver(): boolean {
    return this.#state.isOver
  }

  hear(heard: Heard): void {
    const { state, effects } = advance(this.#state, heard)
    // A farewell that was taken back is not waited for.
    if (this.#state.leaving !== null && state.leaving === null) this.#cancelWait()
    this.#state = state
    for (const effect of effects) this.#perform(effect)
    if (state.isOver) this.#stop()
    if (this.#isIdle) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Resolves when the agent has nothing more to say by itself. */
  async settled(): Promise<void> {
    if (this.#isIdle) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  get #isIdle(): boolean {
    const { isOver, turn, leaving } = this.#state
    return isOver || (turn === null && leaving === null)
  }

  #perform(effect: Effect): void {
    const { voice } = this.#options
    switch (effect.kind) {
      case 'ask':
        return this.#ask(effect)
      case 'stop':
        return this.#asking?.abort()
      case 'speak':
        return voice.speak(effect.text, effect.last)
      case 'press':
        return voice.press(effect.digits)
      case 'record':
        return voice.record(effect.entry)
      case 'amend':
        return voice.amend(effect.text)
      case 'await_digits':
        return this.#wait(DIGITS_MS, { kind: 'digits_over' })
      case 'leave':
        return this.#wait(voice.speechMs(effect.spoken), { kind: 'left' })
      case 'end':
        return voice.end(effect.ending)
    }
  }

  #wait(delayMs: number, then: Heard): void {
    this.#cancelWait()
    this.#cancelWait = this.#options.clock.setTimer(delayMs, () => this.hear(then))
  }

  #stop(): void {
    this.#cancelWait()
    this.#asking?.abort()
  }

  #ask({ turn, messages }: Effect & { kind: 'ask' }): void {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    void this.#follow(turn, messages, asking)
  }

  async #follow(
    turn: number,
    messages: readonly Message[],
    asking: AbortController,
  ): Promise<void> {
    const { model, clock, system, manners, onFault } = this.#options
    const { signal } = asking
    const fail = (detail: string): void => {
      onFault?.(detail)
      this.hear({ kind: 'failed', turn })
    }
    const giveUp = (): void => {
      asking.abort()
      fail('timeout')
    }
    let cancel = clock.setTimer(SILENCE_MAX_MS, giveUp)
    try {
      const tools = listTools(manners)
      for await (const part of model.stream({ system, messages, tools }, signal)) {
        cancel()
        if (signal.aborted) return
        cancel = clock.setTimer(SILENCE_MAX_MS, giveUp)
        switch (part.kind) {
          case 'text':
            this.hear({ kind: 'text', turn, text: part.text })
            break
          case 'call': {
            const { id, name, input } = part
            this.hear({ kind: 'call', turn, call: { id, name, input } })
            break
          }
          case 'finished':
            return this.hear({ kind: 'finished', turn })
          case 'failed':
            return fail(part.detail)
        }
      }
      if (!signal.aborted) fail('broke_off')
    } catch (error) {
      if (!signal.aborted) fail(error instanceof Error ? error.name : 'unknown')
    } finally {
      cancel()
    }
  }
}
