// What was said in a session, from the items of its history (`session.history.items`).

export interface HistoryItem {
  readonly type?: string | undefined
  readonly role?: string | undefined
  readonly textContent?: string | undefined
  readonly name?: string | undefined
  readonly args?: string | undefined
  readonly output?: string | undefined
  /** Milliseconds since 1970. */
  readonly createdAt?: number | undefined
}

export interface TranscriptLine {
  readonly role: 'agent' | 'user' | 'tool'
  readonly text: string
  readonly timestamp: string | null
  readonly function_name?: string
  readonly arguments?: string
}

/** Messages of both sides and tools, in order; instructions are nobody's words and are left out. */
export function transcriptOf(items: Iterable<HistoryItem>): readonly TranscriptLine[] {
  return [...items].flatMap((item) => lineOf(item) ?? [])
}

function lineOf(item: HistoryItem): TranscriptLine | null {
  const { type = '', role, textContent: text = '', name = '', args, output, createdAt } = item
  const timestamp = createdAt === undefined ? null : timeOf(createdAt)
  switch (type) {
    case 'message':
      if (text === '' || (role !== 'assistant' && role !== 'user')) return null
      return { role: role === 'user' ? 'user' : 'agent', text, timestamp }
    case 'function_call':
      return {
        role: 'tool',
        text: '',
        timestamp,
        function_name: name,
        ...(args === undefined ? {} : { arguments: args }),
      }
    case 'function_call_output':
      return { role: 'tool', text: output ?? '', timestamp, function_name: name }
    default:
      return null
  }
}

function timeOf(ms: number): string | null {
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}
