// What is seen of a call in writing while it is held.
//
//   began ─▶ said ─▶ tokens … entry ─▶ done ─▶ said …          ended ─▶ over
//
// T1. A line is shown as it grows; the entry that makes it whole takes its place.

import type { TalkEvent } from '@bookend/contract'

export interface Line {
  key: number
  role: 'agent' | 'user' | 'tool' | 'system'
  text: string
  tool: string | null
}

export interface Conversation {
  lines: readonly Line[]
  /** What the agent is saying; null when it is not speaking. */
  growing: string | null
  /** How the agent ended it; null while it goes on. */
  ended: string | null
  isAnswering: boolean
  /** Why there is no whole answer; null while all is well. */
  fault: string | null
}

export const begin = (greeting: string | null): Conversation => ({
  lines: greeting === null ? [] : [{ key: 1, role: 'agent', text: greeting, tool: null }],
  growing: null,
  ended: null,
  isAnswering: false,
  fault: null,
})

export const ask = (before: Conversation): Conversation => ({
  ...before,
  isAnswering: true,
  fault: null,
})

export function hear(before: Conversation, event: TalkEvent): Conversation {
  switch (event.event) {
    case 'token':
      return { ...before, growing: (before.growing ?? '') + event.data.text }
    case 'entry': {
      const { sequence, role, text, function_name: tool } = event.data
      const line = { key: sequence, role, text, tool }
      const growing = role === 'agent' ? null : before.growing
      return { ...before, lines: [...before.lines, line], growing }
    }
    case 'ended':
      return { ...before, ended: describeEnd(event.data) }
    case 'done':
      return { ...before, growing: null, isAnswering: false }
  }
}

/** The answer is over, whether or not it came to its end. */
export const settle = (before: Conversation, fault: string | null = null): Conversation =>
  before.isAnswering
    ? { ...before, growing: null, isAnswering: false, fault: fault ?? BROKEN_OFF }
    : before

const BROKEN_OFF = 'The answer broke off. Say it again, or look at the call.'

function describeEnd({ kind, target }: Extract<TalkEvent, { event: 'ended' }>['data']): string {
  if (kind === 'transfer') return `The agent gave the call to ${target ?? 'somebody'}.`
  return kind === 'failed' ? 'The agent gave up: its model did not answer.' : 'The agent hung up.'
}
