import type { Json } from '@bookend/contract'
import { storableText } from '@bookend/core'

/** A value as `jsonb` takes it; what JSON cannot say is left out. */
export function jsonColumn(value: unknown): string | null {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  ) as string | undefined
  return text ?? null
}

/** The value as it comes back out of a `jsonb` column: without what JSON cannot say, keys in its order. */
export const asStored = <T>(value: T): T =>
  inOrder(JSON.parse(jsonColumn(value) ?? 'null') as Json) as unknown as T

function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, part]) => ({
    key: Buffer.from(key),
    name: key,
    part,
  }))
  // Shorter keys first, those of a length by their bytes.
  entries.sort((a, b) => a.key.length - b.key.length || Buffer.compare(a.key, b.key))
  return Object.fromEntries(entries.map(({ name, part }) => [name, inOrder(part)]))
}
