import { z } from 'zod'
import { baseUrl, tokenUrl } from '../google/schema.ts'
import { Column, InsertInput as Insert } from '../warehouse/input.ts'

export const BigquerySettings = z.object({
  project: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'The id of a project'),
  /** Where tables without a dataset are looked for. */
  dataset: z.string().regex(/^[A-Za-z0-9_]{1,1024}$/, 'Letters, digits and _'),
  /** Of the dataset, such as `EU`; left out, BigQuery finds it. */
  location: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,50}$/)
    .nullable()
    .default(null),
  /** A query that would read more is refused by BigQuery; 1 GiB. */
  bytes_billed_max: z.number().int().min(10_485_760).max(1e15).default(1_073_741_824),
  /** Refuses every write before it is sent. */
  read_only: z.boolean().default(false),
  base_url: baseUrl('https://bigquery.googleapis.com/bigquery/v2'),
  token_url: tokenUrl,
})

export const InsertInput = Insert.extend({
  /** A column that takes our key of each row, so that readers can drop what was added twice. */
  key_column: Column.nullable().default(null),
})

export type BigquerySettings = z.output<typeof BigquerySettings>
