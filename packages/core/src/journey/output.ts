import type { Json } from '@bookend/contract'
import { WorkflowError } from '../kernel/error.ts'

const OUTPUT_BYTES_MAX = 256 * 1_024

const UNSTORABLE =
  // A control character is the subject of this pattern.
  // oxlint-disable-next-line no-control-regex
  /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** The text as PostgreSQL can store it: U+0000 and lone surrogates become U+FFFD. */
export const storableText = (text: string): string => text.replace(UNSTORABLE, '\uFFFD')

/**
 * What a step yields, as the journal gives it back on every replay: dates are texts already in the
 * first execution, so that both see the same.
 *
 * @throws {WorkflowError} It is not JSON, or larger than 256 KiB.
 */
export function toJournalOutput(step: string, value: unknown): Json {
  if (value === undefined) return null
  let text: string
  try {
    text = JSON.stringify(value, (key, part: unknown) => check(step, key, part))
  } catch (error) {
    if (error instanceof WorkflowError) throw error
    throw notJson(step, '', error instanceof Error ? error.message : 'it cannot be written')
  }
  const bytes = new TextEncoder().encode(text).length
  if (bytes > OUTPUT_BYTES_MAX) {
    throw new WorkflowError(
      `Step "${step}" yielded ${bytes} bytes of JSON; the most is ${OUTPUT_BYTES_MAX}. Yield only what later steps need`,
    )
  }
  return JSON.parse(text) as Json
}

function check(step: string, key: string, part: unknown): unknown {
  switch (typeof part) {
    case 'string':
      return storableText(part)
    case 'number':
      if (Number.isFinite(part)) return part
      throw notJson(step, key, `${part}`)
    case 'object': {
      const tag = Object.prototype.toString.call(part)
      if (part === null || Array.isArray(part) || tag === '[object Object]') return part
      throw notJson(step, key, tag.slice(8, -1))
    }
    case 'undefined':
    case 'boolean':
      return part
    case 'bigint':
    case 'function':
    case 'symbol':
      throw notJson(step, key, `a ${typeof part}`)
  }
}

const notJson = (step: string, key: string, what: string): WorkflowError =>
  new WorkflowError(
    `Step "${step}" must yield JSON, but ${key === '' ? 'its result' : `"${key}"`} is ${what}`,
  )
