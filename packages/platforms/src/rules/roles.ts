import type { TranscriptEntry } from '../neutral.ts'

const ROLES: ReadonlyMap<string, TranscriptEntry['role']> = new Map([
  ['agent', 'agent'],
  ['assistant', 'agent'],
  ['bot', 'agent'],
  ['robot', 'agent'],
  ['user', 'user'],
  ['customer', 'user'],
  ['caller', 'user'],
  ['tool', 'tool'],
  ['agent-action', 'tool'],
  ['tool_call', 'tool'],
  ['tool_calls', 'tool'],
  ['tool_call_invocation', 'tool'],
  ['tool_call_result', 'tool'],
  ['function', 'tool'],
])

/** Who speaks, in our words; a word that nobody uses is `system`. */
export const roleOf = (word: unknown): TranscriptEntry['role'] =>
  (typeof word === 'string' ? ROLES.get(word.toLowerCase()) : undefined) ?? 'system'
