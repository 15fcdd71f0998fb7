// What the rows of a warehouse take and give: as the rows of a database do.

import { z } from 'zod'
import { analyticsInput, evolve } from '../analytics/input.ts'

const NAME = '[A-Za-z_][A-Za-z0-9_]{0,127}'

/** Names hold nothing that would have to be escaped (threat D5). */
export const Column = z.string().regex(new RegExp(`^${NAME}$`), 'Letters, digits and _')

const Table = z.string().regex(new RegExp(`^(?:${NAME}\\.)?${NAME}$`), {
  error: 'A table, or schema.table: letters, digits and _',
})

/** What holds no statement's end: a text, a name in quotes, a comment. */
const INERT = /'(?:[^'\\]|''|\\[^])*'|"(?:[^"\\]|\\[^])*"|`[^`]*`|--[^\n]*|\/\*[^]*?\*\//g
const isOne = (sql: string): boolean => !/;\s*\S/.test(sql.replaceAll(INERT, ' '))

const Scalar = z.union([z.string().max(1_000_000), z.number(), z.boolean(), z.null()])

export const StatementInput = z.object({
  /** One `select`; a value stands in it by its name and travels in `params`. */
  sql: z
    .string()
    .max(20_000)
    .regex(/^\s*(?:select|with)\s/i, 'One select: other statements have actions of their own')
    .refine(isOne, 'One select: what is behind it is not run'),
  params: z.record(Column, Scalar).default({}),
})

export const QueryInput = StatementInput.extend({
  /** What lies beyond it is not read. */
  limit: z.number().int().min(1).max(1_000).default(100),
})

const NewRow = z
  .record(Column, z.json())
  .refine((row) => Object.keys(row).length > 0, 'A row has at least one column')

export const InsertInput = z.object({ table: Table, rows: z.array(NewRow).min(1).max(500) })

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

export const Row = z.record(z.string(), z.json())
export const Rows = z.object({ rows: z.array(Row) })
export const Written = z.object({ count: z.number().int() })

export type Row = z.output<typeof Row>
export type Params = z.output<typeof StatementInput>['params']
