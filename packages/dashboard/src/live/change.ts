export const topics = ['calls', 'runs', 'deliveries', 'config', 'handoffs'] as const
type Topic = (typeof topics)[number]

/** One message of the stream: what changed, not how. */
export interface Change {
  readonly topic: Topic
  readonly id: string
  readonly callId: string | null
}

/** Null for what this version does not understand. */
export function parseChange(data: unknown): Change | null {
  const wire = readJson(data)
  if (typeof wire !== 'object' || wire === null) return null
  const { topic: name, id, call_id: callId } = wire as Record<string, unknown>
  const topic = topics.find((each) => each === name)
  if (topic === undefined || typeof id !== 'string') return null
  return { topic, id, callId: typeof callId === 'string' ? callId : null }
}

function readJson(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : null
  } catch {
    return null
  }
}
