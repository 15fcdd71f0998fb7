// One statement, and the rows of its answer.
//
// S1. A write has an id of its key and its words: what is sent again is told from a new statement.
// S2. A read has none: what it is asked twice may have changed between.
// S3. What still runs when Snowflake answers is asked for once, and then the next try's: the same id
//     leads to the same statement.

import { ConnectorFault, derivedId, maybeDone, type Effect } from '@bookend/core'
import { z } from 'zod'
import type { Row } from '../warehouse/input.ts'
import type { BoundStatement } from './bind.ts'
import { ColumnType, rowOf } from './read-rows.ts'
import { type Context, exchange } from './rest.ts'

/** Of no meaning but to be ours. */
const NAMESPACE = '0c6f8b52-9b1e-4f0a-8a3c-6f1d2e7a4b15'
const PATH = ['api', 'v2', 'statements']
const SECOND_MS = 1_000
/** Snowflake answers after 45 seconds, done or not. */
const WAIT_MAX_MS = 55_000

export interface Statement extends BoundStatement {
  readonly effect: Effect
  readonly limit: number
}

const Answer = z.object({
  statementHandle: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
  resultSetMetaData: z.object({ rowType: z.array(ColumnType) }).optional(),
  data: z.array(z.array(z.string().nullable())).default([]),
})

/** @throws {ConnectorFault} */
export async function run(ctx: Context, statement: Statement): Promise<readonly Row[]> {
  const { effect, text, bindings, limit } = statement
  const { database, schema, warehouse, role, read_only: isReadOnly } = ctx.settings
  if (isReadOnly && effect === 'write') {
    throw new ConnectorFault({ kind: 'refused', detail: 'read_only_connection' })
  }
  const requestId = derivedId(NAMESPACE, JSON.stringify([ctx.key, text, bindings]))
  const first = await exchange(ctx, {
    effect,
    method: 'POST',
    path: PATH,
    ...(effect === 'read' ? {} : { query: { requestId, retry: true } }),
    body: {
      json: {
        statement: text,
        timeout: Math.ceil(Math.min(WAIT_MAX_MS, ctx.remainingMs()) / SECOND_MS),
        database,
        schema,
        ...(warehouse === null ? {} : { warehouse }),
        ...(role === null ? {} : { role }),
        bindings: Object.fromEntries(bindings.map((binding, at) => [String(at + 1), binding])),
        // One statement, whatever stands in it.
        parameters: { multi_statement_count: '1', rows_per_resultset: String(limit) },
      },
    },
    timeoutMs: WAIT_MAX_MS,
    maxBodyBytes: 1_048_576,
  })
  const { statementHandle } = parse(first.body, effect)
  const answer =
    first.status === 202
      ? await exchange(ctx, {
          effect: 'read',
          method: 'GET',
          path: [...PATH, statementHandle],
          maxBodyBytes: 1_048_576,
        })
      : first
  if (answer.status === 202) {
    throw new ConnectorFault(maybeDone(effect, 'statement_still_running'))
  }
  const { resultSetMetaData, data } = parse(answer.body, effect)
  const columns = resultSetMetaData?.rowType ?? []
  return data.slice(0, limit).map((values) => rowOf(columns, values))
}

function parse(body: unknown, effect: Effect): z.output<typeof Answer> {
  const { success, data } = Answer.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone(effect, 'not_a_statement_answer'))
  return data
}
