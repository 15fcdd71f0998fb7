import { connectors } from '@bookend/connectors'
import type { AnyConnector } from './configured.ts'

/** Every connector, by its id. */
export const catalog: Readonly<Record<string, AnyConnector>> = connectors

export const findConnector = (id: string): AnyConnector | undefined =>
  Object.hasOwn(catalog, id) ? catalog[id] : undefined

/** `http` of `http/desk`. */
export const connectorIdOf = (name: string): string => name.slice(0, name.indexOf('/'))
