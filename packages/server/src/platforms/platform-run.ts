import type { Degraded } from '@bookend/platforms'

/** What a pre-call run keeps of the voice platform that asked, to be found again by its call. */
export type PlatformRun = {
  readonly connection_id: string
  /** `<platform>/<name>` */
  readonly connection: string
  /** Of the call, as far as the platform named it. */
  readonly ids: readonly string[]
  readonly from_number: string | null
  readonly to_number: string | null
  readonly answered_at: string
  /** What the platform cannot express of the outcome. */
  readonly degraded: Degraded | null
  readonly dropped_parameters: readonly string[]
  readonly warnings: readonly string[]
  /** How its call was found; null: it was not, yet. */
  readonly linked_by: 'echo' | 'id' | 'numbers' | null
}
