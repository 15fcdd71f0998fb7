import type { z } from 'zod'
import type { ActionContext } from './action-context.ts'
import type { Action, CheckResult, ClientLife, InstallResult } from './connector.ts'
import type { BucketRule, LimitsAnswer, SeenLimit } from './rate-limit.ts'
import type { ReceiptPort } from './receipt.ts'

export type AnyAction = Action<unknown, unknown, z.ZodType, z.ZodType, unknown>

/** A connector as those see it who do not know which: its own types hold behind its schemas. */
export interface AnyConnector {
  readonly id: string
  readonly label: string
  readonly settings: z.ZodType
  readonly auth: z.ZodType
  readonly actions: Readonly<Record<string, AnyAction>>
  readonly client?: ClientLife<unknown, unknown, unknown>
  origin?(settings: unknown): string
  check?(ctx: ActionContext<unknown, unknown, unknown>): Promise<CheckResult>
  install?(ctx: ActionContext<unknown, unknown, unknown>): Promise<InstallResult>
  readonly receipts?: ReceiptPort<unknown, unknown>
  readonly buckets?: Readonly<Record<string, BucketRule>>
  readLimits?(answer: LimitsAnswer): readonly SeenLimit[]
}
