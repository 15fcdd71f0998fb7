import { z } from 'zod'
import { analyticsInput, evolve } from '../analytics/input.ts'

export const ClickhouseSettings = z.object({
  /** Of the HTTP interface: `https://host:8443`. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .refine((url) => !/[?#]/.test(url), 'No query: settings are sent by the connection')
    .refine((url) => !/^[^/]+\/\/[^/]*@/.test(url), 'Leave credentials to the connection'),
  /** Where names without a database are looked for. */
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'Letters, digits and _')
    .default('default'),
  /** Refuses every write before it is sent. */
  read_only: z.boolean().default(false),
})

export const ClickhouseAuth = z
  .object({
    user: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^:\r\n]*$/, 'A user name has no colon'),
    password: z.string().max(4_096),
  })
  .nullable()

const NAME = '[A-Za-z_][A-Za-z0-9_]{0,62}'

export const Table = z.string().regex(new RegExp(`^(?:${NAME}\\.)?${NAME}$`), {
  error: 'A table, or database.table: letters, digits and _, at most 63 each',
})

const Column = z.string().regex(new RegExp(`^${NAME}$`), 'Letters, digits and _, at most 63')

const Scalar = z.union([z.string().max(1_500), z.number(), z.boolean(), z.null()])

export const StatementInput = z.object({
  /** One `select`; a value stands in it as `{name:Type}` and travels in `params`. */
  sql: z
    .string()
    .min(1)
    .max(20_000)
    .refine((text) => !text.includes('\0'), 'SQL holds no U+0000'),
  /** For `{name:Type}`, about 1,500 characters in all: they travel in the URL. A list is an array of texts, numbers or booleans. */
  params: z.record(Column, z.union([Scalar, z.array(Scalar).max(200)])).default({}),
})

export const QueryInput = StatementInput.extend({
  /** What lies beyond it is not read. */
  limit: z.number().int().min(1).max(1_000).default(100),
})

export const InsertInput = z.object({
  table: Table,
  rows: z
    .array(
      z
        .record(Column, z.json())
        .refine((row) => Object.keys(row).length > 0, 'A row has at least one column'),
    )
    .min(1)
    .max(1_000),
})

export const AnalyticsInput = z.object({
  ...analyticsInput,
  table: Table.default('calls'),
  /** Makes the table, and columns that it has not. */
  evolve,
})

/** By column name; integers beyond 2^53 and decimals as text, instants as the server writes them. */
export const Row = z.record(z.string(), z.json())
export const Rows = z.object({ rows: z.array(Row) })
export const Written = z.object({ count: z.number().int() })

export type ClickhouseSettings = z.output<typeof ClickhouseSettings>
export type ClickhouseAuth = z.output<typeof ClickhouseAuth>
export type Params = z.output<typeof StatementInput>['params']
export type Row = z.output<typeof Row>
