import type { DialRule } from '@bookend/core'
import type { Calendars } from '@bookend/core/yaml'

/** What decides whether, and when, a call may be placed that nobody asked for at that moment. */
export interface CallRules {
  /** Without countries, nothing may be dialled (C11). */
  readonly dialRule: DialRule
  readonly calendars: Calendars
}
