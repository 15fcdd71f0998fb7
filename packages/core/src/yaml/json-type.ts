// What a schema says about a value, as the checker of expressions needs it. Unknown forms are `any`.

import { z } from 'zod'
import {
  ANY,
  BOOL,
  joinTypes,
  listOf,
  mapOf,
  NULL,
  NUMBER,
  STRING,
  type ValueType,
} from '../expression/value-type.ts'

/** The part of JSON Schema that is read here. */
export interface JsonSchema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
}

const DEPTH_MAX = 6

const inputs = new WeakMap<z.ZodType, JsonSchema>()

/** What may be given to the schema. */
export function inputSchemaOf(schema: z.ZodType): JsonSchema {
  const known = inputs.get(schema)
  if (known !== undefined) return known
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  inputs.set(schema, made)
  return made
}

const types = new WeakMap<z.ZodType, ValueType>()

/** The type of what passed the schema. */
export function typeOfSchema(schema: z.ZodType): ValueType {
  const known = types.get(schema)
  if (known !== undefined) return known
  const root = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as JsonSchema
  const type = typeOf(root, root, 0)
  types.set(schema, type)
  return type
}

export function resolveSchema(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const [, name] = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? '') ?? []
  const found = name === undefined ? undefined : root.$defs?.[name]
  return found === undefined ? schema : resolveSchema(found, root)
}

export function typeOf(given: JsonSchema, root: JsonSchema, depth: number): ValueType {
  if (depth > DEPTH_MAX) return ANY
  const schema = resolveSchema(given, root)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) {
    return options
      .map((option) => typeOf(option, root, depth + 1))
      .reduce((all, type) => joinTypes(all, type) ?? ANY)
  }
  if (schema.type === 'object') return typeOfObject(schema, root, depth)
  if (schema.type === 'array') {
    return listOf(schema.items === undefined ? ANY : typeOf(schema.items, root, depth + 1))
  }
  return SIMPLE.get(schema.type ?? '') ?? ANY
}

const SIMPLE: ReadonlyMap<string, ValueType> = new Map([
  ['string', STRING],
  ['number', NUMBER],
  ['integer', NUMBER],
  ['boolean', BOOL],
  ['null', NULL],
])

function typeOfObject(schema: JsonSchema, root: JsonSchema, depth: number): ValueType {
  const { properties = {}, additionalProperties: more } = schema
  const fields = Object.entries(properties).map(([name, property]): [string, ValueType] => [
    name,
    typeOf(property, root, depth + 1),
  ])
  const rest =
    more === false
      ? null
      : typeof more === 'object'
        ? typeOf(more, root, depth + 1)
        : more === true || fields.length === 0
          ? ANY
          : null
  return mapOf(Object.fromEntries(fields), rest)
}

/** The type of data that stands in a file. */
export function typeOfData(value: unknown): ValueType {
  if (value === null || value === undefined) return NULL
  if (typeof value === 'string') return STRING
  if (typeof value === 'number') return NUMBER
  if (typeof value === 'boolean') return BOOL
  if (Array.isArray(value)) {
    return listOf(
      value.map(typeOfData).reduce<ValueType>((all, type) => joinTypes(all, type) ?? ANY, NULL),
    )
  }
  return mapOf(
    Object.fromEntries(Object.entries(value).map(([name, child]) => [name, typeOfData(child)])),
  )
}
