// An agent's `parameters_schema`: undeclared names are dropped, ill-typed values refused one by one.

import type { Json, JsonObject, Missing } from '@bookend/contract'
import { PARAMETER_NAME } from '@bookend/contract'
import type { Merged, Parameters } from '@bookend/core'
import { z } from 'zod'

/** Why a document is not usable as a parameters schema; null when it is. */
export function findSchemaFault(schema: JsonObject): { path: string; message: string } | null {
  const { type = 'object', properties = {} } = schema
  if (type !== 'object') return { path: 'type', message: 'must be "object"' }
  if (!isObject(properties)) return { path: 'properties', message: 'must be an object' }
  for (const [name, property] of Object.entries(properties)) {
    const path = `properties.${name}`
    if (!PARAMETER_NAME.test(name)) return { path, message: 'is not a parameter name' }
    if (compile(property) === null)
      return { path, message: 'is not a JSON Schema that can be used' }
  }
  return null
}

const compiled = new WeakMap<JsonObject, ReadonlyMap<string, z.ZodType>>()

export interface Declared extends Merged {
  /** Names that were dropped without a word, because the schema does not have them (B7). */
  readonly undeclared: number
}

/** Keeps of `parameters` what the schema declares and its types admit. */
export function applySchema(schema: JsonObject | null, parameters: Parameters): Declared {
  if (schema === null) return { parameters, missing: [], undeclared: 0 }
  const properties = propertiesOf(schema)
  const accepted: [string, Json][] = []
  const missing: Missing[] = []
  let undeclared = 0
  for (const [name, value] of Object.entries(parameters)) {
    const result = properties.get(name)?.safeParse(value)
    if (result === undefined) {
      undeclared += 1
      continue
    }
    if (result.success) {
      accepted.push([name, value])
      continue
    }
    const detail = result.error.issues[0]?.message ?? 'does not match its schema'
    missing.push({ name, reason: 'invalid', step: null, detail })
  }
  return { parameters: Object.fromEntries(accepted), missing, undeclared }
}

function propertiesOf(schema: JsonObject): ReadonlyMap<string, z.ZodType> {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const entries = Object.entries(properties).flatMap(([name, property]) => {
    const type = compile(property)
    return type === null ? [] : [[name, type] as const]
  })
  const fresh = new Map(entries)
  compiled.set(schema, fresh)
  return fresh
}

/** Patterns would run on a backtracking engine against a caller's text (threats D2). */
function compile(property: Json | undefined): z.ZodType | null {
  if (!isObject(property) || JSON.stringify(property).includes('"pattern')) return null
  try {
    return z.fromJSONSchema(property)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
