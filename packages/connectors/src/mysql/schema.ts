import { z } from 'zod'
import { analyticsInput, evolve } from '../analytics/input.ts'

const oneLine = (text: string): boolean => !/\p{Cc}/u.test(text)

export const MysqlSettings = z.object({
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'A host name or an address'),
  port: z.number().int().min(1).max(65_535).default(3_306),
  database: z.string().min(1).max(64).refine(oneLine, 'One line only'),
  user: z.string().min(1).max(128).refine(oneLine, 'One line only'),
  /** With the certificate and its name checked; `false` for a database in the next room. */
  tls: z.boolean().default(true),
  /** The certificate of a private CA, as PEM; without it the usual CAs are trusted. */
  tls_ca: z.string().max(100_000).startsWith('-----BEGIN CERTIFICATE-----').optional(),
  /** Sessions for reads, and as many for writes; each is opened when it is needed. */
  pool_max: z.number().int().min(1).max(50).default(5),
  /** The server ends a statement by then, or at the step's deadline if that is sooner. */
  statement_timeout_ms: z.number().int().min(1).max(60_000).default(5_000),
  /** Refuses every write before it is sent. */
  read_only: z.boolean().default(false),
})

export const MysqlAuth = z.object({ password: z.string().min(1).max(4_096) }).nullable()

const NAME = '[A-Za-z_][A-Za-z0-9_]{0,63}'

export const Table = z.string().regex(new RegExp(`^(?:${NAME}\\.)?${NAME}$`), {
  error: 'A table, or database.table: letters, digits and _, at most 64 each',
})

const Column = z.string().regex(new RegExp(`^${NAME}$`), 'Letters, digits and _, at most 64')

/** One statement; a value belongs in `values`, never in the text. */
const Sql = z.string().min(1).max(20_000)

/** For each `?`: arrays and objects become JSON text. */
const Values = z.array(z.json()).max(1_000).default([])

const NewRow = z
  .record(Column, z.json())
  .refine((row) => Object.keys(row).length > 0, 'A row has at least one column')

export const Row = z.record(z.string(), z.json())

export const StatementInput = z.object({ sql: Sql, values: Values })

const Select = Sql.regex(/^\s*(?:select|with|values|table|show|\()/i, {
  error: 'A read is a select',
})

export const QueryOneInput = StatementInput.extend({ sql: Select })

export const QueryInput = QueryOneInput.extend({
  /** What lies beyond it is not fetched. */
  limit: z.number().int().min(1).max(1_000).default(100),
})

/** What one prepared statement takes. */
const VALUES_MAX = 60_000

export const InsertInput = z.object({
  table: Table,
  rows: z
    .array(NewRow)
    .min(1)
    .max(1_000)
    .refine(haveOneShape, 'Every row has the same columns: a missing one would become null')
    .refine((rows) => rows.length * Object.keys(rows[0] ?? {}).length <= VALUES_MAX, {
      error: 'Fewer rows: that are more values than a statement takes',
    }),
})

export const UpsertInput = z
  .object({ table: Table, key: z.array(Column).min(1).max(32), row: NewRow })
  .refine(({ key, row }) => key.every((column) => Object.hasOwn(row, column)), {
    error: 'The row has every column of the key',
    path: ['key'],
  })

export const AnalyticsInput = z.object({
  ...analyticsInput,
  table: Table.default('calls'),
  /** Makes the table, and columns that it has not. */
  evolve,
})

export const Rows = z.object({ rows: z.array(Row) })
export const Written = z.object({ count: z.number().int() })

export type MysqlSettings = z.output<typeof MysqlSettings>
export type MysqlAuth = z.output<typeof MysqlAuth>
export type Row = z.output<typeof Row>

function haveOneShape(rows: readonly Readonly<Record<string, unknown>>[]): boolean {
  const shapes = rows.map((row) => Object.keys(row).toSorted().join())
  return shapes.every((shape) => shape === shapes[0])
}
