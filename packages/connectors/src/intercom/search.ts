import { maybeDone } from '@bookend/core'
import type { z } from 'zod'
import { type Context, exchange, parseAnswer } from './rest.ts'

export interface Filter {
  readonly field: string
  readonly operator: '=' | '~'
  readonly value: string | boolean
}

const FOUND_MAX = 50
const ANSWER_BYTES_MAX = 1_048_576

/** Intercom's index lags behind what was written, by seconds and sometimes by minutes. */
export async function search<T extends z.ZodType>(
  ctx: Context,
  noun: 'contacts' | 'tickets' | 'conversations',
  operator: 'AND' | 'OR',
  filters: readonly Filter[],
  schema: T,
): Promise<z.output<T>> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'POST',
    path: [noun, 'search'],
    body: {
      json: { query: { operator, value: filters }, pagination: { per_page: FOUND_MAX } },
    },
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  return parseAnswer(schema, body, maybeDone('read', 'invalid_body'))
}
