import type { connectors } from '@bookend/connectors'
import type { Handle } from '@bookend/core'

type Catalog = typeof connectors
export type ConnectorId = keyof Catalog

/** Local names of connections: `{ crm: 'postgres/clinic' }`, each `<connector>/<connection>`. */
export type Connections = Readonly<Record<string, `${ConnectorId}/${string}`>>

/** What `run` receives for them: functions typed by each connector's schemas. */
export type HandlesOf<C extends Connections> = {
  readonly [Name in keyof C]: C[Name] extends `${infer Id extends ConnectorId}/${string}`
    ? Handle<Catalog[Id]['actions']>
    : never
}
