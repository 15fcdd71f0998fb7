import type {
  Action,
  ActionContext,
  BucketRule,
  CheckResult,
  ClientLife,
  LimitsAnswer,
  SeenLimit,
} from '@bookend/core'
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
  check?(ctx: ActionContext<unknown, unknown, unknown>): Promise<CheckResult>
  readonly buckets?: Readonly<Record<string, BucketRule>>
  readLimits?(answer: LimitsAnswer): readonly SeenLimit[]
}

/** One configured account of an outside system; settings and auth have passed its schemas. */
export interface ConfiguredConnection {
  /** `<connector>/<connection>` */
  readonly name: string
  readonly connector: AnyConnector
  readonly settings: unknown
  readonly auth: unknown
  /** Another one is another account: nothing cached or counted under the last one is its own. */
  readonly revision?: string
  /** Why it cannot be used until its owner does something; its actions end with the verdict `auth`. */
  readonly unusable?: string
}
