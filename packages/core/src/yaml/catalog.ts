// Which actions there are, and which of them a step means by `use: crm.contact.find_by_phone`.

import type { z } from 'zod'
import { suggestName } from '../expression/nearest.ts'
import type { Effect } from '../ports/verdict.ts'
import type { Problems } from './problem.ts'
import type { FileEntry } from './file-node.ts'
import { type Fields, readMap, readScalar } from './read.ts'

export interface CatalogAction {
  readonly effect: Effect
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly timeoutMs: number
}

/** Connectors by id; every connector fits. */
export type Catalog = Readonly<
  Record<string, { readonly actions: Readonly<Record<string, CatalogAction>> }>
>

/** Local name to `<connector>/<connection>`. */
export type LocalConnections = Readonly<Record<string, string>>

export interface Use {
  readonly local: string
  readonly connection: string
  /** `noun.verb` */
  readonly name: string
  readonly action: CatalogAction
}

const CONNECTION = /^([a-z][a-z0-9-]*)\/[a-z0-9][a-z0-9_-]{0,63}$/
const LOCAL_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/** @param configured Names of connections; null: whatever is asked for may be there. */
export function readConnections(
  entry: FileEntry | undefined,
  catalog: Catalog,
  configured: readonly string[] | null,
  problems: Problems,
): LocalConnections {
  const locals: Record<string, string> = {}
  for (const own of readMap(entry?.value, problems)?.entries.values() ?? []) {
    const { name, keyAt, value } = own
    if (!LOCAL_NAME.test(name)) {
      problems.add(
        keyAt,
        value.path,
        `"${name}" cannot name a connection`,
        'use letters, digits and _',
      )
      continue
    }
    const asked = readScalar(own, problems)
    if (asked === null) continue
    locals[name] = asked.text
    const { at, path } = value
    const [, id] = CONNECTION.exec(asked.text) ?? []
    if (id === undefined) {
      const hint = 'write <connector>/<connection>, such as http/main'
      problems.add(at, path, `"${asked.text}" is not a connection`, hint)
    } else if (!Object.hasOwn(catalog, id)) {
      problems.add(at, path, `there is no connector "${id}"`, suggestName(id, Object.keys(catalog)))
    } else if (configured !== null && !configured.includes(asked.text)) {
      const hint = suggestName(asked.text, configured) ?? 'bookend.config.ts configures none'
      problems.add(at, path, `the connection "${asked.text}" is not configured`, hint)
    }
  }
  return locals
}

/** The action that a step uses; null with a problem. */
export function readUse(
  fields: Fields,
  locals: LocalConnections,
  catalog: Catalog,
  problems: Problems,
): Use | null {
  const asked = readScalar(fields.get('use'), problems)
  if (asked === null) return null
  const { at, path } = asked.node
  const [local = '', noun, verb, ...others] = asked.text.split('.')
  if (noun === undefined || verb === undefined || others.length > 0) {
    const hint = 'write <connection>.<noun>.<verb>, such as crm.contact.find_by_phone'
    problems.add(at, path, `"${asked.text}" is not an action`, hint)
    return null
  }
  const connection = Object.hasOwn(locals, local) ? locals[local] : undefined
  if (connection === undefined) {
    const hint = suggestName(local, Object.keys(locals)) ?? 'name it under "connections"'
    problems.add(at, path, `there is no connection "${local}" in this file`, hint)
    return null
  }
  const id = connection.split('/')[0] ?? ''
  if (!Object.hasOwn(catalog, id)) return null
  const actions = catalog[id]?.actions ?? {}
  const name = `${noun}.${verb}`
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined) {
    const hint = suggestName(name, Object.keys(actions))
    problems.add(at + local.length + 1, path, `${id} has no action "${name}"`, hint)
    return null
  }
  return { local, connection, name, action }
}
