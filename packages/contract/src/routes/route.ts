import { z } from 'zod'
import type { Scope } from '../access.ts'
import { uuid } from '../primitives.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  /** Below `/api/v1`; path parameters as `{name}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** The scope a key needs; null where no key is asked for. */
  readonly scope: Scope | null
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly status: number
  /** Absent: no content. */
  readonly response?: z.ZodType
}

export const byId = z.strictObject({ id: uuid() })
export const byEndpoint = z.strictObject({ endpoint_id: uuid() })
export const none = z.strictObject({})
