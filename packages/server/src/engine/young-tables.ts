// Statistics of tables that were empty a moment ago.
//
// Prepared statements are planned once, and in a table of a few rows every index looks as good as the
// right one. The database looks for itself only after a minute; a backlog has run by then, each record
// reading the whole table. New statistics make it plan anew.

import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'

/** Runs opened by this process at which it looks; above the last, the database's own rhythm is enough. */
const LOOK_AT = [32, 256, 2_048]
const YOUNG_ROWS = 20_000
const TABLES = ['runs', 'run_steps', 'events', 'handoffs']

export interface YoungTables {
  /** Never throws, never waits. */
  readonly noteOpened: (count: number) => void
}

export function watchYoungTables(database: Pick<Database, 'query'>, log: Log): YoungTables {
  let opened = 0
  let looks = 0

  async function look(): Promise<void> {
    const young = await database.query<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'bookend'::regnamespace and relname = any($1) and reltuples < $2`,
      [TABLES, YOUNG_ROWS],
    )
    if (young.length > 0)
      await database.query(`analyze ${young.map(({ name }) => name).join(', ')}`)
  }

  return {
    noteOpened(count) {
      opened += count
      if (opened < (LOOK_AT[looks] ?? Infinity)) return
      looks += 1
      look().catch((err: unknown) => log.warn({ err }, 'young tables could not be analyzed'))
    },
  }
}
