// Connectors as the API lists them: enough to build a form, and to choose an action from.

import type { Connector, ConnectorAction } from '@bookend/contract'
import { z } from 'zod'
import type { AnyAction, AnyConnector } from '../configured.ts'
import { isRecord } from './destination.ts'
import { isPublicField } from './mask.ts'

type Schema = Record<string, unknown>

const described = new WeakMap<AnyConnector, Connector>()

export function describeConnector(connector: AnyConnector): Connector {
  const known = described.get(connector)
  if (known !== undefined) return known
  const { id, label, settings, auth, actions } = connector
  const fresh = {
    id,
    label,
    settings: schemaOf(settings, 'input'),
    auth: markSecrets(schemaOf(auth, 'input')),
    can_check: connector.check !== undefined,
    actions: Object.entries(actions).map(([name, action]) => describeAction(name, action)),
  }
  described.set(connector, fresh)
  return fresh
}

function describeAction(name: string, action: AnyAction): ConnectorAction {
  return {
    name,
    effect: action.effect,
    idempotency:
      action.effect === 'read'
        ? null
        : { class: action.idempotency.class, by: action.idempotency.by },
    timeout_ms: action.timeoutMs,
    input: schemaOf(action.input, 'input'),
    output: schemaOf(action.output, 'output'),
  }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

/** Everything that is typed into a credential and not known to be harmless is shown as dots. */
function markSecrets(schema: Schema): Schema {
  const { properties, anyOf, oneOf, ...rest } = schema
  const within = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((one) => (isRecord(one) ? markSecrets({ ...one }) : one)) : list
  return {
    ...rest,
    ...(isRecord(properties) ? { properties: markProperties(properties) } : {}),
    ...(anyOf === undefined ? {} : { anyOf: within(anyOf) }),
    ...(oneOf === undefined ? {} : { oneOf: within(oneOf) }),
  }
}

function markProperties(properties: Readonly<Record<string, unknown>>): Schema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const isSecret = isRecord(property) && !('const' in property) && !isPublicField(name)
      return [name, isSecret ? { ...property, writeOnly: true } : property]
    }),
  )
}
