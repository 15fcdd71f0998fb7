// Plays a conversation on a call that was answered: its lines, each after its pause, then its end.
//
// T1. What is said carries its place in order, so a line that arrives twice is stored once.
// T2. The first words of the agent are the greeting it was told to say, whatever the script has there.
// T3. A call that was rejected has no conversation; one that was transferred ends as transferred.

import { setTimeout as pause } from 'node:timers/promises'
import type { CallComplete, InboundAnswer, TranscriptEntry } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import type { Conversation, Line } from './conversation.ts'

export interface TalkOptions {
  readonly client: Client
  readonly answer: InboundAnswer
  readonly conversation: Conversation
  readonly signal: AbortSignal
  onLine(role: TranscriptEntry['role'], text: string): void
}

/** Whether the call has ended, so that work follows. */
export async function talk(options: TalkOptions): Promise<boolean> {
  const script = writeScript(options.answer, options.conversation)
  if (script === null) return false
  const { client, answer, signal } = options
  const params = { id: answer.call.uuid }
  for (const [index, { role, text, afterMs }] of script.lines.entries()) {
    await pause(afterMs, undefined, { signal })
    const timestamp = new Date().toISOString()
    const entries = [{ sequence: index + 1, role, text, timestamp }]
    await client.call('appendTranscript', { params, body: { entries } })
    options.onLine(role, text)
  }
  await client.call('completeCall', { params, body: script.complete })
  return true
}

/** What is said on this call, given how it was answered; null when nobody answers. */
export function writeScript(
  { outcome, agent, call }: InboundAnswer,
  { lines, complete }: Conversation,
): { lines: readonly Line[]; complete: CallComplete } | null {
  const say = (text: string): Line => ({ role: 'agent', text, afterMs: 0 })
  switch (outcome.type) {
    case 'reject':
      return null
    case 'say':
      return { lines: [say(outcome.text)], complete: { ...complete, analysis_results: [] } }
    case 'transfer': {
      const words = outcome.message === undefined ? [] : [say(outcome.message)]
      return { lines: words, complete: { ...complete, analysis_results: [], transferred: true } }
    }
    case 'continue':
    case 'route': {
      const { first_message: greeting } = agent
      if (greeting === null || !call.agent_speaks_first) return { lines, complete }
      const rest = lines[0]?.role === 'agent' ? lines.slice(1) : lines
      return { lines: [say(greeting), ...rest], complete }
    }
  }
}
