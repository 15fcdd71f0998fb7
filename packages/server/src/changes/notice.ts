// One NOTIFY's text: `["<boot>", [topic, workspace, id, call], …]`. PostgreSQL takes less than 8,000
// bytes of it.

import { z } from 'zod'
import type { Change } from './change.ts'

const noticeMaxBytes = 7_900

const Entry = z.tuple([
  z.enum(['calls', 'runs', 'config', 'deliveries', 'handoffs', 'wakes', 'analyses']),
  z.string(),
  z.string(),
  z.string().nullable(),
])
const Notice = z.tuple([z.string()], Entry)

/** As many texts as it takes. */
export function encodeNotices(boot: string, changes: readonly Change[]): readonly string[] {
  const head = `[${JSON.stringify(boot)}`
  const notices: string[] = []
  const headBytes = Buffer.byteLength(head)
  let text = head
  let bytes = headBytes
  for (const { topic, workspaceId, id, callId } of changes) {
    const entry = `,${JSON.stringify([topic, workspaceId, id, callId])}`
    const entryBytes = Buffer.byteLength(entry)
    if (bytes + entryBytes >= noticeMaxBytes) {
      notices.push(`${text}]`)
      text = head
      bytes = headBytes
    }
    text += entry
    bytes += entryBytes
  }
  if (text !== head) notices.push(`${text}]`)
  return notices
}

/** Null for a text that is none of ours, such as one of a version to come. */
export function decodeNotice(text: string): { boot: string; changes: Change[] } | null {
  const { success, data } = Notice.safeParse(parseJson(text))
  if (!success) return null
  const [boot, ...entries] = data
  const changes = entries.map(([topic, workspaceId, id, callId]) => {
    return { topic, workspaceId, id, callId } satisfies Change
  })
  return { boot, changes }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
