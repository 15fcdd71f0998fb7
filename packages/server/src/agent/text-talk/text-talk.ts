// A call in writing: what a caller types, answered by the agent in the conversation it has on the
// telephone too. Nothing of it is held between two sentences, so that it goes on after a restart, and
// on another process.
//
//   sentence ─▶ the call, its prompt and transcript ─▶ conversation ─▶ tokens · entries stored ─▶ done
//
// W1. Who says something new interrupts the answer before: of that one stays what was sent.
// W2. `done` follows when everything that was said is stored.
// W3. The agent's end of the conversation is the end of the call.

import { CallComplete, type Call, type TalkEvent } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import { parseJsonText, storableText } from '@bookend/platforms'
import { announce } from '../../events/accept-event.ts'
import type { CallReport, ReportCall } from '../../events/call-reports.ts'
import type { Changes } from '../../changes/changes.ts'
import { ProblemError } from '../../http/problem.ts'
import type { Log } from '../../log.ts'
import type { Ending, Entry, Manners } from '../conversation.ts'
import { LiveConversation } from '../live-conversation.ts'
import type { SpeakingModel } from '../speaking-model.ts'
import { readTranscript } from './read-transcript.ts'

export const TALK_PLATFORM = 'talk'

export interface TextTalkParts {
  /** Null: none is configured. */
  readonly model: SpeakingModel | null
  readonly clock: Clock
  readonly log: Log
  readonly changes: Pick<Changes, 'publish'>
  readonly report: ReportCall
  readonly findCall: (workspaceId: string, callId: string) => Promise<Call | null>
  readonly manners: (workspaceId: string) => Manners
  readonly onEnded: (call: Call, workspaceId: string) => void
}

interface Sentence {
  readonly workspaceId: string
  readonly callId: string
  readonly text: string
}

export interface TextTalk {
  /**
   * @returns What tells of the answer as it comes; its promise settles once all of it is stored.
   * @throws {ProblemError} There is no such call, nothing can be said on it, or no model to answer.
   */
  say(sentence: Sentence): Promise<Answering>
  /** Cuts what is being said short. */
  close(): void
}

interface Answering {
  /** Once. */
  listen(onEvent: (event: TalkEvent) => void): Promise<void>
  /** The caller hears no more of it. */
  interrupt(): void
}

export function createTextTalk(parts: TextTalkParts): TextTalk {
  /** One answer at a time on a call. */
  const answering = new Map<string, Turn>()

  return {
    async say({ workspaceId, callId, text }) {
      const { model } = parts
      if (model === null) throw new ProblemError('no_model', 'Set BOOKEND_MODEL_BASE_URL and _NAME')
      const key = `${workspaceId} ${callId}`
      const earlier = answering.get(key)
      earlier?.interrupt()
      await earlier?.over
      const call = await parts.findCall(workspaceId, callId)
      if (call === null) throw new ProblemError('not_found', 'There is no such call')
      if (call.platform !== TALK_PLATFORM) {
        throw new ProblemError(
          'state_conflict',
          'Only a call in writing can be spoken on like this',
        )
      }
      if (call.ended_at !== null) throw new ProblemError('state_conflict', 'The call has ended')
      const turn = new Turn({ ...parts, model }, workspaceId, call, text)
      answering.set(key, turn)
      void turn.over.finally(() => {
        if (answering.get(key) === turn) answering.delete(key)
      })
      return turn
    },
    close() {
      for (const turn of answering.values()) turn.interrupt()
    },
  }
}

class Turn implements Answering {
  /** Resolves when everything is stored, or could not be. */
  readonly over: Promise<void>
  readonly #parts: TextTalkParts
  readonly #workspaceId: string
  readonly #call: Call
  readonly #text: string
  readonly #conversation: LiveConversation
  #tell: (event: TalkEvent) => void = () => undefined
  #settle: () => void = () => undefined
  #storing: Promise<void> = Promise.resolve()
  #sequence: number
  #sent = ''
  #isListening = false

  constructor(
    parts: TextTalkParts & { readonly model: SpeakingModel },
    workspaceId: string,
    call: Call,
    text: string,
  ) {
    this.#parts = parts
    this.#workspaceId = workspaceId
    this.#call = call
    this.#text = text
    this.over = new Promise((resolve) => (this.#settle = resolve))
    this.#sequence = Math.max(0, ...call.transcripts.map(({ sequence }) => sequence))
    this.#conversation = new LiveConversation({
      model: parts.model,
      clock: parts.clock,
      system: call.call_prompt ?? '',
      manners: parts.manners(workspaceId),
      messages: readTranscript(call.transcripts),
      onFault: (code) => parts.log.warn({ callId: call.uuid, code }, 'the model gave no answer'),
      voice: {
        speak: (token) => {
          this.#sent += token
          if (token !== '') this.#tell({ event: 'token', data: { text: token } })
        },
        record: (entry) => this.#record(entry),
        end: (ending) => this.#end(ending),
        // Nobody presses keys in writing, and what was sent was read.
        press: () => undefined,
        amend: () => undefined,
        speechMs: () => 0,
      },
    })
  }

  async listen(onEvent: (event: TalkEvent) => void): Promise<void> {
    this.#tell = onEvent
    this.#isListening = true
    try {
      const { transcripts, agent_speaks_first: agentFirst } = this.#call
      if (this.#text.trim() !== '') this.#conversation.hear({ kind: 'said', text: this.#text })
      else if (transcripts.length === 0) {
        this.#conversation.hear({ kind: 'began', greeting: null, agentFirst })
      }
      await this.#conversation.settled()
      await this.#storing
      onEvent({ event: 'done', data: {} })
    } finally {
      this.#settle()
    }
  }

  interrupt(): void {
    if (this.#isListening) this.#conversation.hear({ kind: 'interrupted', heard: this.#sent })
    else this.#settle()
  }

  #record(entry: Entry): void {
    this.#sent = ''
    this.#sequence += 1
    const line = {
      sequence: this.#sequence,
      role: entry.role,
      text: storableText(entry.text),
      function_name: entry.functionName,
      // What a model wrote may hold what no database does.
      arguments: parseJsonText(JSON.stringify(entry.arguments)) ?? null,
    }
    this.#tell({ event: 'entry', data: line })
    const timestamp = this.#parts.clock.now().toISOString()
    this.#store({
      kind: 'transcript',
      ...this.#of,
      entries: [{ ...line, timestamp, final: true }],
    })
  }

  #end(ending: Ending): void {
    const target = ending.kind === 'transfer' ? ending.target : null
    const { kind, reason } = ending
    this.#tell({ event: 'ended', data: { kind, reason, target } })
    const body = CallComplete.parse({
      ended_reason: (reason || `agent_${kind}`).slice(0, 200),
      transferred: kind === 'transfer',
    })
    this.#store({ kind: 'complete', ...this.#of, body })
    this.#storing = this.#storing.then(() => this.#parts.onEnded(this.#call, this.#workspaceId))
  }

  get #of() {
    return { workspaceId: this.#workspaceId, callId: this.#call.uuid }
  }

  /** One after the other, in the order in which it was said. */
  #store(report: CallReport): void {
    this.#storing = this.#storing.then(async () => {
      const reported = await this.#parts.report(report)
      const accepted = reported?.accepted ?? null
      if (accepted !== null) announce(this.#parts.changes, accepted)
    })
    // Heard of where it is awaited.
    this.#storing.catch(() => undefined)
  }
}
