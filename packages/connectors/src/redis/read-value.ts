import { ConnectorFault } from '@bookend/core'
import { isUtf8 } from 'node:buffer'
import { parseJson } from '../rest/parse-json.ts'
import type { Reply } from './line.ts'
import type { As, Value } from './schema.ts'

/** @throws {ConnectorFault} What is stored is not what the step says it is. */
export function readValue(reply: Reply, as: As): Value {
  if (reply === null) return null
  if (as === 'text') return readText(reply)
  const parsed = Buffer.isBuffer(reply) ? parseJson(reply) : { ok: false as const }
  if (!parsed.ok) throw new ConnectorFault({ kind: 'refused', detail: 'not_json' })
  return parsed.value
}

/** @throws {ConnectorFault} */
export function readText(reply: Reply | undefined): string {
  if (!Buffer.isBuffer(reply) || !isUtf8(reply)) {
    throw new ConnectorFault({ kind: 'refused', detail: 'not_text' })
  }
  return reply.toString()
}

export const readList = (reply: Reply): readonly Reply[] => (Array.isArray(reply) ? reply : [])
