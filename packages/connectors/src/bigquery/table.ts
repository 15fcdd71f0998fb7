// Tables: what columns there are, and more of them.
//
// T1. A table is changed with the tag of what was read: nobody's column is lost.

import { ConnectorFault } from '@bookend/core'
import { z } from 'zod'
import type { Column, ColumnType } from '../analytics/columns.ts'
import { nullIfMissing } from '../finding.ts'
import { Field } from './read-rows.ts'
import { type Context, type TableName, exchange, inProject } from './rest.ts'

/** What the API calls it. */
const FIELD_TYPE = {
  text: 'STRING',
  integer: 'INTEGER',
  number: 'FLOAT',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMP',
  json: 'JSON',
} as const satisfies Record<ColumnType, string>

const MODEL_TYPE = new Map<string, ColumnType>(
  Object.entries(FIELD_TYPE).map(([model, type]) => [type, model as ColumnType]),
)

export const modelType = ({ type, mode }: Field): ColumnType | null =>
  mode === 'REPEATED' ? null : (MODEL_TYPE.get(type) ?? null)

/** What a text is cast to for a column, by the API's word for its type. */
const CASTS: Readonly<Record<string, string>> = {
  STRING: 'string',
  INTEGER: 'int64',
  FLOAT: 'float64',
  BOOLEAN: 'bool',
  TIMESTAMP: 'timestamp',
  DATETIME: 'datetime',
  DATE: 'date',
  TIME: 'time',
  NUMERIC: 'numeric',
  BIGNUMERIC: 'bignumeric',
  JSON: 'json',
}

/** By the name of the column; null: a list, or a type that no text becomes. */
export const castsOf = (fields: readonly Field[]): ReadonlyMap<string, string | null> =>
  new Map(
    fields.map(({ name, type, mode }) => [
      name,
      mode === 'REPEATED' ? null : (CASTS[type] ?? null),
    ]),
  )

const Found = z.object({
  tableReference: z.object({ tableId: z.string() }),
  etag: z.string().optional(),
  schema: z.object({ fields: z.array(Field).default([]) }).default({ fields: [] }),
})

export interface FoundTable {
  readonly fields: readonly Field[]
  readonly tag: string | null
}

/** Null where there is none. */
export async function findTable(ctx: Context, name: TableName): Promise<FoundTable | null> {
  return await nullIfMissing(async () => {
    const { body } = await exchange(ctx, {
      effect: 'read',
      method: 'GET',
      path: tablePath(ctx, name),
      maxBodyBytes: 1_048_576,
    })
    const { success, data } = Found.safeParse(body)
    if (!success) throw new ConnectorFault({ kind: 'retry', detail: 'not_a_table' })
    return { fields: data.schema.fields, tag: data.etag ?? null }
  })
}

/** @throws {ConnectorFault} `refused`: somebody else was quicker, and the table is to be read again. */
export async function changeTable(
  ctx: Context,
  name: TableName,
  was: FoundTable | null,
  add: readonly Column[],
): Promise<void> {
  const { project } = ctx.settings
  const added = add.map((column) => ({
    name: column.name,
    type: FIELD_TYPE[column.type],
    mode: 'NULLABLE',
  }))
  const fields = [...(was?.fields ?? []), ...added]
  try {
    const { body } = await exchange(ctx, {
      effect: 'write',
      ...(was === null
        ? { method: 'POST', path: inProject(ctx, 'datasets', name.dataset, 'tables') }
        : { method: 'PATCH', path: tablePath(ctx, name) }),
      ...(was?.tag ? { headers: { 'if-match': was.tag } } : {}),
      body: {
        json: {
          schema: { fields },
          ...(was === null
            ? {
                tableReference: {
                  projectId: project,
                  datasetId: name.dataset,
                  tableId: name.table,
                },
              }
            : {}),
        },
      },
    })
    if (!Found.safeParse(body).success) {
      throw new ConnectorFault({ kind: 'unknown', detail: 'not_a_table' })
    }
  } catch (error) {
    const isRace = error instanceof ConnectorFault && error.verdict.kind === 'conflict'
    if (!isRace) throw error
    throw new ConnectorFault({ kind: 'refused', detail: 'changed_meanwhile' }, { cause: error })
  }
}

export const tablePath = (ctx: Context, { dataset, table }: TableName): readonly string[] =>
  inProject(ctx, 'datasets', dataset, 'tables', table)

export const noSuchTable = (): ConnectorFault =>
  new ConnectorFault({ kind: 'missing', detail: 'no_such_table' })
