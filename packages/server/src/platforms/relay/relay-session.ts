// One call on which Bookend speaks: the messages of its socket, and a conversation.
//
//   setup ─▶ speaker ─▶ conversation        prompt, dtmf, interrupt ─▶ heard
//   text, sendDigits, end ◀─ voice          either side ─▶ adapter ─▶ events of the call
//
// R1. A token is sent before anything is done about recording it.
// R2. Nothing in a message closes the socket: what is not understood is passed over.
// R3. What is said while the speaker is looked up is heard once there is one.

import type { Clock } from '@bookend/core'
import {
  emptyRelay,
  parseJsonText,
  type ConnectionRelay,
  type NeutralCall,
  type RelayMessage,
  type RelayState,
} from '@bookend/platforms'
import type { Ending, Heard } from '../../agent/conversation.ts'
import { LiveConversation } from '../../agent/live-conversation.ts'
import { mannersOfRelay } from '../../agent/manners.ts'
import type { SpeakingModel } from '../../agent/speaking-model.ts'
import type { Log } from '../../log.ts'
import type { KeepEvents } from './keep-events.ts'
import type { Speaker } from './find-speaker.ts'

interface RelaySocket {
  send(text: string): void
  close(): void
}

export interface RelaySessionOptions {
  readonly socket: RelaySocket
  readonly relay: ConnectionRelay
  readonly model: SpeakingModel
  readonly clock: Clock
  readonly log: Log
  readonly label: string
  readonly keep: Pick<KeepEvents, 'add'>
  readonly findSpeaker: (opened: {
    readonly placedId: string | null
    readonly runId: string | null
    readonly call: NeutralCall
  }) => Promise<Speaker | null>
}

const WAITING_MAX = 50
/** Speech is about fifteen characters a second. */
const CHARACTER_MS = 65
const SPEECH_MAX_MS = 20_000
/** After our farewell it is the platform that closes. */
const CLOSE_MS = 5_000

export class RelaySession {
  readonly #options: RelaySessionOptions
  #state: RelayState = emptyRelay
  #conversation: LiveConversation | null = null
  #waiting: Heard[] = []
  #isClosed = false
  #cancelClose: () => void = () => undefined

  constructor(options: RelaySessionOptions) {
    this.#options = options
  }

  get isSetUp(): boolean {
    return this.#state.callId !== null
  }

  receive(text: string): void {
    const message = parseMessage(text)
    if (message === null) return
    const wasSetUp = this.isSetUp
    if (message['type'] === 'setup' && wasSetUp) return
    const events = this.#read('platform', message)
    if (!wasSetUp) {
      if (this.isSetUp) void this.#begin(events[0]?.payload.call ?? {})
      return
    }
    const heard = heardOf(message)
    if (heard === null) return this.#warn(message)
    if (this.#conversation !== null) this.#conversation.hear(heard)
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(heard)
  }

  closed(): void {
    this.#isClosed = true
    this.#cancelClose()
    this.#conversation?.hear({ kind: 'hung_up' })
  }

  /** This process ends: the platform takes the call further. */
  leave(): void {
    if (this.#isClosed || this.#conversation?.isOver === true) return
    const { rescue } = this.#options.relay.settings
    const reason = 'server_stopped'
    this.#end(
      rescue === null ? { kind: 'failed', reason } : { kind: 'transfer', target: rescue, reason },
    )
  }

  async #begin(call: NeutralCall): Promise<void> {
    const { findSpeaker, label, log } = this.#options
    const { placedId, runId } = this.#state
    const speaker = await findSpeaker({ placedId, runId, call }).catch((err: unknown) => {
      log.error({ err, platform: label }, 'who speaks on a call could not be found')
      return null
    })
    if (this.#isClosed) return
    if (speaker === null) {
      log.warn({ platform: label }, 'a call is for no agent here')
      return this.#end({ kind: 'failed', reason: 'no_agent' })
    }
    const conversation = this.#converse(speaker)
    this.#conversation = conversation
    const { greeting, agentFirst } = speaker
    conversation.hear({ kind: 'began', greeting, agentFirst })
    for (const heard of this.#waiting.splice(0)) conversation.hear(heard)
  }

  #converse({ system }: Speaker): LiveConversation {
    const { model, clock, log, relay, label } = this.#options
    return new LiveConversation({
      model,
      clock,
      system,
      manners: mannersOfRelay(relay.settings),
      onFault: (code) => log.warn({ platform: label, code }, 'the model gave no answer'),
      voice: {
        speak: (token, last) => this.#send({ type: 'text', token, last }),
        press: (digits) => this.#send({ type: 'sendDigits', digits }),
        end: (ending) => this.#end(ending),
        // The adapter makes the transcript of what is sent and received.
        record: () => undefined,
        amend: () => undefined,
        speechMs: (text) => Math.min(SPEECH_MAX_MS, text.length * CHARACTER_MS),
      },
    })
  }

  #end(ending: Ending): void {
    const target = ending.kind === 'transfer' ? { target: ending.target } : {}
    const data = { bookend: ending.kind, reason: ending.reason, ...target }
    this.#send({ type: 'end', handoffData: JSON.stringify(data) })
    const { clock, socket } = this.#options
    this.#cancelClose = clock.setTimer(CLOSE_MS, () => socket.close())
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    if (!this.#isClosed) this.#options.socket.send(JSON.stringify(message))
    this.#read('bookend', message)
  }

  #read(from: RelayMessage['from'], message: unknown) {
    const { relay, clock, keep } = this.#options
    const at = clock.now().toISOString()
    const { state, events } = relay.read(this.#state, { from, message, at })
    this.#state = state
    keep.add(events)
    return events
  }

  #warn({ type }: Message): void {
    if (type !== 'error') return
    this.#options.log.warn({ platform: this.#options.label }, 'the platform tells of an error')
  }
}

type Message = Readonly<Record<string, unknown>>

/** Null for what is none (R2). */
function parseMessage(text: string): Message | null {
  const message = parseJsonText(text)
  return typeof message === 'object' && message !== null ? (message as Message) : null
}

function heardOf(message: Message): Heard | null {
  const textOf = (name: string): string => (typeof message[name] === 'string' ? message[name] : '')
  switch (message['type']) {
    case 'prompt':
      // What may still change is recorded, and not answered.
      return message['last'] === false ? null : { kind: 'said', text: textOf('voicePrompt') }
    case 'interrupt':
      return { kind: 'interrupted', heard: textOf('utteranceUntilInterrupt') }
    case 'dtmf':
      return { kind: 'pressed', digit: textOf('digit') }
    default:
      return null
  }
}
