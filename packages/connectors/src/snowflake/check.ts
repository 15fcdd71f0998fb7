import type { CheckResult } from '@bookend/core'
import { bind } from './bind.ts'
import type { Context } from './rest.ts'
import { run } from './statement.ts'

/** Who asks and where: what Snowflake answers without a warehouse. */
export async function check(ctx: Context): Promise<CheckResult> {
  const sql = `select current_user() as "NAME", current_database() as "DATABASE",
    current_warehouse() as "WAREHOUSE"`
  const [row = {}] = await run(ctx, { effect: 'read', ...bind(sql, {}), limit: 1 })
  const { name, database, warehouse } = row
  const warnings: string[] = []
  if (typeof database !== 'string') {
    warnings.push(`There is no database ${ctx.settings.database} for this user and role`)
  }
  if (typeof warehouse !== 'string') {
    warnings.push('Nothing computes: set warehouse, or the default warehouse of the user')
  }
  return {
    account: typeof name === 'string' ? `${name} in ${ctx.settings.account}` : null,
    warnings,
  }
}
