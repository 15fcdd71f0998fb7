// What a model is held to, and what is taken of its answer.
//
//   output_config ─▶ strict schema, every property asked for ─▶ model ─▶ validated ─▶ nulls left out
//
// O1. Models with strict output answer every property: one that is not required may be null, and null
//     says that it is not known.
// O2. What does not validate is no answer, whatever it says.

import type { Json, JsonObject } from '@bookend/contract'
import { z } from 'zod'

const TEXT: JsonObject = { type: 'string' }

/** Of an object with one property, `answer`, as not every model answers with anything but an object. */
export function wireSchemaOf(output: JsonObject = TEXT): JsonObject {
  return {
    type: 'object',
    properties: { answer: strict(output) },
    required: ['answer'],
    additionalProperties: false,
  }
}

function strict(schema: JsonObject): JsonObject {
  const { type, description, enum: values, items } = schema
  const told = description === undefined ? {} : { description }
  if (type === 'object') {
    const properties = propertiesOf(schema)
    const required = requiredOf(schema)
    return {
      type,
      ...told,
      properties: Object.fromEntries(
        properties.map(([name, property]) => [
          name,
          required.has(name) ? strict(property) : { anyOf: [strict(property), { type: 'null' }] },
        ]),
      ),
      required: properties.map(([name]) => name),
      additionalProperties: false,
    }
  }
  if (type === 'array') return { type, ...told, items: strict(asSchema(items)) }
  return { type: type ?? 'string', ...told, ...(values === undefined ? {} : { enum: values }) }
}

/** The answer without what is not known; undefined for what is none. */
export function readOutput(output: JsonObject = TEXT, told: unknown): Json | undefined {
  const { success, data } = z.fromJSONSchema(wireSchemaOf(output)).safeParse(told)
  if (!success) return undefined
  return withoutNulls((data as { answer: Json }).answer, output)
}

function withoutNulls(value: Json, schema: JsonObject): Json {
  if (schema['type'] === 'array' && Array.isArray(value)) {
    const items = asSchema(schema['items'])
    return value.map((item) => withoutNulls(item, items))
  }
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (schema['type'] !== 'object' || !isRecord) return value
  const required = requiredOf(schema)
  const known = propertiesOf(schema).flatMap(([name, property]): [string, Json][] => {
    const child = value[name]
    const isUnknown = child === undefined || (child === null && !required.has(name))
    return isUnknown ? [] : [[name, withoutNulls(child, property)]]
  })
  return Object.fromEntries(known)
}

const propertiesOf = (schema: JsonObject): readonly [string, JsonObject][] =>
  Object.entries(asSchema(schema['properties'])).map(([name, property]) => [
    name,
    asSchema(property),
  ])

function requiredOf(schema: JsonObject): ReadonlySet<Json> {
  const { required } = schema
  return new Set(Array.isArray(required) ? required : [])
}

const asSchema = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
