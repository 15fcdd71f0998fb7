import { z } from 'zod'
import { analyticsInput, evolve } from '../analytics/input.ts'
import { parseUrl } from './parse-url.ts'

const Url = z
  .string()
  .max(2_048)
  .superRefine((text, context) => {
    const parsed = parseUrl(text)
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.issue })
  })

export const PostgresSettings = z.object({
  /** `postgres://user@host:5432/database`, or a unix socket as `?host=/folder`. */
  url: Url,
  /** Sessions for reads, and as many for writes; each is opened when it is needed. */
  pool_max: z.number().int().min(1).max(50).default(5),
  /** The server ends a statement by then, or at the step's deadline if that is sooner. */
  statement_timeout_ms: z.number().int().min(1).max(60_000).default(5_000),
  /** Refuses every write before it is sent. */
  read_only: z.boolean().default(false),
  /** The certificate of a private CA, as PEM; without it the usual CAs are trusted. */
  tls_ca: z.string().max(100_000).startsWith('-----BEGIN CERTIFICATE-----').optional(),
})

/** Wins over a password in the URL. */
export const PostgresAuth = z.object({ password: z.string().min(1) }).nullable()

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/

/** Case counts: it is quoted when it is sent. */
const Column = z.string().regex(IDENTIFIER, 'Letters, digits and _, at most 63')

export const Table = z
  .string()
  .regex(/^(?:[A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$/, {
    error: 'A table, or schema.table: letters, digits and _, at most 63 each',
  })

/** One statement; a value belongs in `values`, never in the text. */
const Sql = z
  .string()
  .min(1)
  .max(20_000)
  // U+0000 would end the text in the protocol, and what follows would be read as messages.
  .refine((text) => !text.includes('\0'), 'SQL holds no U+0000')

/** For `$1`, `$2`, …: an array becomes an SQL array, an object becomes JSON text. */
const Values = z.array(z.json()).max(1_000).default([])

const NewRow = z
  .record(Column, z.json())
  .refine((row) => Object.keys(row).length > 0, 'A row has at least one column')

/** By column name; dates and instants as ISO text, integers beyond 2^53 and fractions as text. */
export const Row = z.record(z.string(), z.json())

export const StatementInput = z.object({ sql: Sql, values: Values })

export const QueryInput = StatementInput.extend({
  /** What lies beyond it is not fetched. */
  limit: z.number().int().min(1).max(1_000).default(100),
})

export const InsertInput = z.object({
  table: Table,
  rows: z
    .array(NewRow)
    .min(1)
    .max(1_000)
    .refine(haveOneShape, 'Every row has the same columns: a missing one would become null'),
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

/** `rows` is what a `returning` clause gave. */
export const Executed = Written.extend({ rows: z.array(Row) })

export type PostgresSettings = z.output<typeof PostgresSettings>
export type PostgresAuth = z.output<typeof PostgresAuth>
export type Row = z.output<typeof Row>

function haveOneShape(rows: readonly Readonly<Record<string, unknown>>[]): boolean {
  const shapes = rows.map((row) => Object.keys(row).toSorted().join())
  return shapes.every((shape) => shape === shapes[0])
}
