// `bookend.config.ts`, beside the folder of workflows: what they connect to, and when who is there.

import type { connectors } from '@bookend/connectors'
import type { Calendar, DialRule } from '@bookend/core'
import type { z } from 'zod'
import type { ConnectorId } from './connections.ts'

type Catalog = typeof connectors

interface ConnectionOf<Id extends ConnectorId> {
  readonly settings: z.input<Catalog[Id]['settings']>
  readonly auth: z.input<Catalog[Id]['auth']>
}

export interface ConfigInput {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where Bookend's own database is, also when it is the embedded one. */
  readonly databaseUrl: string
}

export interface BookendConfig {
  /** By `<connector>/<connection>`, as workflows name them. */
  readonly connections: {
    readonly [
      Name in `${ConnectorId}/${string}`
    ]?: Name extends `${infer Id extends ConnectorId}/${string}` ? ConnectionOf<Id> : never
  }
  /** By the name that `business_hours("…")` of a YAML workflow gives. */
  readonly calendars?: Readonly<Record<string, Calendar>>
  /** Which numbers `callLater` may call; none when it is left out. */
  readonly dialling?: DialRule
}

/** Types a configuration file; does nothing else. It is read once, at the start. */
export function defineConfig(
  config: (input: ConfigInput) => BookendConfig,
): (input: ConfigInput) => BookendConfig {
  return config
}
