import type { TranscriptEntry } from '@bookend/contract'
import type { JsonObject } from '@bookend/contract'
import type { Message } from '../conversation.ts'

type Said = Pick<TranscriptEntry, 'sequence' | 'role' | 'text' | 'function_name' | 'arguments'>

/** What was said on a call, as the conversation knew it; a tool's answer follows who asked for it. */
export function readTranscript(entries: readonly Said[]): readonly Message[] {
  const messages: Message[] = []
  for (const { sequence, role, text, function_name: name, arguments: input } of entries) {
    if (role === 'user') messages.push({ role: 'user', text })
    else if (role === 'agent') messages.push({ role: 'agent', text, calls: [] })
    else if (role === 'tool' && name !== null) {
      const id = `call_${sequence}`
      const call = { id, name, input: isObject(input) ? input : {} }
      const asking = messages.findLastIndex((message) => message.role !== 'tool')
      const last = messages[asking]
      if (last?.role === 'agent') messages[asking] = { ...last, calls: [...last.calls, call] }
      else messages.push({ role: 'agent', text: '', calls: [call] })
      messages.push({ role: 'tool', id, name, result: text })
    }
  }
  return messages
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
