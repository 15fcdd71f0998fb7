import type { Action, ClientLife } from '@bookend/core'
import type { z } from 'zod'

export type AnyAction = Action<unknown, unknown, z.ZodType, z.ZodType, unknown>

/** A connector as the runtime sees it: its own types hold inside, behind its schemas. */
export interface AnyConnector {
  readonly id: string
  readonly label: string
  readonly settings: z.ZodType
  readonly auth: z.ZodType
  readonly actions: Readonly<Record<string, AnyAction>>
  readonly client?: ClientLife<unknown, unknown, unknown>
}

/** One configured account of an outside system; settings and auth have passed its schemas. */
export interface ConfiguredConnection {
  /** `<connector>/<connection>` */
  readonly name: string
  readonly connector: AnyConnector
  readonly settings: unknown
  readonly auth: unknown
}
