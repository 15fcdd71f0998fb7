import type { FastifyRequest } from 'fastify'

/**
 * Headers that decide who asks, for what host, or how a body is read. Two of one name would be read by
 * one program as the first and by the next as the last (threat C3). A cookie may come in pieces.
 */
const DECIDING: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'origin',
  'transfer-encoding',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
])

/** What of a request, otherwise well-formed, another program might read differently; null for most. */
export function findAmbiguity({
  httpVersionMajor,
  rawHeaders,
}: Pick<FastifyRequest['raw'], 'httpVersionMajor' | 'rawHeaders'>): string | null {
  // The parser still takes a line without a version, of a time before headers.
  if (httpVersionMajor !== 1) return 'Speak HTTP/1.1'
  const seen = new Set<string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    if (!DECIDING.has(name)) continue
    if (seen.has(name)) return `The header ${name} is there twice`
    seen.add(name)
    if (name === 'transfer-encoding' && rawHeaders[index + 1]?.toLowerCase() !== 'chunked') {
      return 'A body comes in chunks, or with its length'
    }
  }
  return null
}
