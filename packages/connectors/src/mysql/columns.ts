import type { Row } from './schema.ts'
import { ask, type Context } from './session.ts'
import { toRows } from './to-json.ts'

export interface TableColumn {
  readonly name: string
  /** Such as `tinyint(1)`, in lower case. */
  readonly type: string
}

/** Empty where there is no such table. */
export async function columnsOf(ctx: Context, table: string): Promise<readonly TableColumn[]> {
  const [name = '', database = ctx.settings.database] = table.split('.').toReversed()
  const answer = await ask(
    ctx,
    {
      text: `select column_name as name, column_type as type from information_schema.columns
        where table_schema = ? and table_name = ? order by ordinal_position`,
      values: [database, name],
    },
    { effect: 'read', timeoutMs: 5_000 },
  )
  return toRows(answer).map(toColumn)
}

const toColumn = ({ name, type }: Row): TableColumn => ({
  name: textOf(name),
  type: textOf(type).toLowerCase(),
})

/** MySQL 8 gives these as bytes. */
const textOf = (value: Row[string] | undefined): string => (typeof value === 'string' ? value : '')

export const isTime = ({ type }: TableColumn): boolean => /^(datetime|timestamp)/.test(type)
