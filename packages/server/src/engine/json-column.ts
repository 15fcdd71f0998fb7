import { storableText } from '@bookend/core'

/** A value as `jsonb` takes it; what JSON cannot say is left out. */
export function jsonColumn(value: unknown): string | null {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  ) as string | undefined
  return text ?? null
}
