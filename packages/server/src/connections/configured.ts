import type { AnyConnector } from '@bookend/core'

export type { AnyAction, AnyConnector } from '@bookend/core'

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
