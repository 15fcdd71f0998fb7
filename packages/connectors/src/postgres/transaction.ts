// One statement, in a transaction of its own.
//
//   read   begin read only · declare cursor · fetch · rollback     one round trip
//   write  begin ─▶ statement ─▶ commit · discard all              three
//
// R1. The server itself refuses a read that writes: only a SELECT can be a cursor, and without the
//     read-only transaction there is none.
// R2. One statement at a time: the extended protocol takes no second one.
// R3. A read leaves nothing in the session, for it is rolled back; a write leaves nothing either,
//     for the session is reset.
// R4. No more rows are fetched than asked for.

import type pg from 'pg'
import { jsonTypes } from './to-json.ts'
import { withSession } from './session.ts'
import type { Answer, Context } from './session.ts'
import type { Row } from './schema.ts'
import type { Statement } from './statements.ts'

export const READ_MS = 5_000
export const WRITE_MS = 10_000
/** The most that PostgreSQL keeps of a name. */
const NAME_MAX = 63

export function read(ctx: Context, statement: Statement, limit: number): Promise<Row[]> {
  const cursor = cursorName(statement.text)
  return withSession(ctx, 'read', READ_MS, async (session, limitMs) => {
    const [, , fetched] = await session.send([
      plain(`begin read only; ${setLocal(limitMs)}; set local cursor_tuple_fraction = 1`),
      extended({ ...statement, text: `declare ${cursor} no scroll cursor for ${statement.text}` }),
      plain(`fetch ${limit} from ${cursor}`),
      plain('rollback'),
    ])
    return toRows(fetched)
  })
}

export function write(ctx: Context, statement: Statement): Promise<Done> {
  return transact(ctx, (run) => run(statement))
}

export interface Done {
  readonly count: number
  readonly rows: Row[]
}

/** Statements one after the other, all or none of them. */
export function transact<T>(
  ctx: Context,
  work: (run: (statement: Statement) => Promise<Done>) => Promise<T>,
): Promise<T> {
  return withSession(ctx, 'write', WRITE_MS, async (session, limitMs) => {
    // Not in one go: after a `begin` that fails, the statement would commit by itself.
    await session.send([plain(`begin; ${setLocal(limitMs)}`)])
    const answer = await work(async (statement) => {
      const [done] = await session.send([extended(statement)])
      return { count: done?.rowCount ?? 0, rows: toRows(done) }
    })
    await session.commit()
    return answer
  })
}

/** The statement's beginning: it is what the server's list of activities shows of a fetch. */
const cursorName = (sql: string): string =>
  `"${sql
    .replaceAll(/[^A-Za-z0-9_$.,=*() ]+/g, ' ')
    .trim()
    .slice(0, NAME_MAX)}"`

/** What a value's text depends on does not depend on the server's or the role's settings. */
const setLocal = (limitMs: number): string =>
  [
    `set local statement_timeout = ${limitMs}`,
    `set local datestyle = 'ISO'`,
    `set local intervalstyle = 'iso_8601'`,
    `set local bytea_output = 'hex'`,
  ].join('; ')

const plain = (text: string): pg.QueryArrayConfig => ({ text, rowMode: 'array', types: jsonTypes })

interface ExtendedQuery extends pg.QueryArrayConfig {
  /** Without it, a statement that has no values goes by the simple protocol, which takes several. */
  readonly queryMode: 'extended'
}

const extended = ({ text, values }: Statement): ExtendedQuery => ({
  ...plain(text),
  values: [...values],
  queryMode: 'extended',
})

function toRows(answer: Answer | undefined): Row[] {
  const names = answer?.fields.map(({ name }) => name) ?? []
  return (answer?.rows ?? []).map((values) =>
    Object.fromEntries(
      names.flatMap((name, at) =>
        name === '__proto__' ? [] : [[name, values[at] as Row[string]]],
      ),
    ),
  )
}
