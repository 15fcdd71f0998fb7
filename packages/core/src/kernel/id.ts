// Ids that tell their age: UUID version 7 (RFC 9562), whose first 48 bits are milliseconds. And ids
// that are made of what they name: UUID version 5, the same for the same name.

import { createHash, randomUUID } from 'node:crypto'

const HEX_BOUNDS = [8, 12, 16, 20, 32] as const

/** A new UUID version 7 of the instant `now`. */
export function createId(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0')
  // Of a random UUID everything behind its version; Node draws the bytes of many of them at once.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

/** When a UUID version 7 was made; null for any other text. */
export function idCreatedAt(id: string): Date | null {
  if (id.length !== 36 || id[14] !== '7') return null
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))
}

/** The UUID version 5 of a name inside a namespace, which is itself a UUID. */
export function derivedId(namespace: string, name: string): string {
  const root = Buffer.from(namespace.replaceAll('-', ''), 'hex')
  return render(createHash('sha1').update(root).update(name).digest().subarray(0, 16), 5)
}

function render(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return HEX_BOUNDS.map((end, index) => hex.slice(HEX_BOUNDS[index - 1] ?? 0, end)).join('-')
}
