// Statements that run many times a second, parsed and planned once for each connection.
//
// P1. Only for statements whose text is fixed: each is kept by the server for as long as the connection.
// P2. A plan is made without looking at the values, and kept while tables grow: keys come as arrays to
//     `unnest`, which is taken for few rows, and the transaction is one for look-ups by key.

import type pg from 'pg'
import type { Queryable } from './database.ts'

const names = new Map<string, string>()

/** By its text, so that every connection knows a statement by the same name. */
function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `bookend_${names.size}`
  names.set(text, name)
  return name
}

export const prepared = (text: string, values: readonly unknown[]): pg.QueryConfig => ({
  name: nameOf(text),
  text,
  values: [...values],
})

/** The client, preparing all that is asked of it with text and values. */
export function preparing(client: Queryable): Queryable {
  const query = (text: unknown, values: unknown): unknown =>
    typeof text === 'string' && Array.isArray(values)
      ? client.query(prepared(text, values))
      : client.query(text as string, values as unknown[])
  return { query } as Queryable
}
