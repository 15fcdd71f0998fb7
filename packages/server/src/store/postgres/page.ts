// Paging by key: a cursor names the last row of a page, so new rows neither shift nor repeat others.

import { invalid } from '../../http/problem.ts'

interface Cursor {
  /** As PostgreSQL prints it: a JavaScript date would lose its microseconds. */
  readonly at: string
  readonly id: string
}

const AT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/
const UUID = /^[0-9a-f-]{36}$/

/** @throws {ProblemError} 422 for a text that is no cursor, or names no row by such an id. */
export function parseCursor(text: string | undefined, idForm: RegExp = UUID): Cursor | null {
  if (text === undefined) return null
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString('utf8').split('|')
  if (AT.test(at) && idForm.test(id)) return { at, id }
  throw invalid('cursor', 'is not a cursor of this list')
}

interface Keyed {
  readonly cursor_at: string
  readonly id: string
}

/** Of `limit + 1` rows the page, and the cursor of the next one. */
export function cutPage<R extends Keyed>(
  rows: readonly R[],
  limit: number,
): { page: readonly R[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return { page, next: hasMore ? renderCursor({ at: last.cursor_at, id: last.id }) : null }
}

const renderCursor = ({ at, id }: Cursor): string =>
  Buffer.from(`${at}|${id}`).toString('base64url')
