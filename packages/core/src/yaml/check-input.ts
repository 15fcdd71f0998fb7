// Whether what a step passes to its action can fit, before any call.
//
// I1. Names and texts that stand in the file are checked as the action itself will check them.
// I2. What an expression yields is checked by its type, where that is known.

import type { z } from 'zod'
import { suggestName } from '../expression/nearest.ts'
import { describeType, joinTypes } from '../expression/value-type.ts'
import { dataOf, type FileMap, type FileNode } from './file-node.ts'
import { inputSchemaOf, type JsonSchema, resolveSchema, typeOf } from './json-type.ts'
import type { Problems } from './problem.ts'
import { holdsTemplate, type Value } from './value.ts'

type Compile = (node: FileNode) => Value

export function checkInput(
  node: FileMap,
  keyAt: number,
  schema: z.ZodType,
  compile: Compile,
  problems: Problems,
): void {
  if (!holdsTemplate(node)) {
    checkLiteral(node, keyAt, schema, problems)
  }
  const root = inputSchemaOf(schema)
  const check: Check = { root, compile, problems, isLiteral: !holdsTemplate(node) }
  checkObject(node, keyAt, resolveSchema(root, root), check)
  if (!holdsTemplate(node)) return
  for (const { name, value } of node.entries.values()) {
    const own = propertyOf(schema, name)
    if (own !== null && !holdsTemplate(value)) checkLiteral(value, value.at, own, problems)
  }
}

/** The schema of one field of an object; null when the schema is something else. */
function propertyOf(schema: z.ZodType, name: string): z.ZodType | null {
  const shape: unknown = 'shape' in schema ? schema.shape : null
  if (typeof shape !== 'object' || shape === null || !Object.hasOwn(shape, name)) return null
  return (shape as Record<string, z.ZodType>)[name] ?? null
}

function checkLiteral(node: FileNode, keyAt: number, schema: z.ZodType, problems: Problems): void {
  const { error } = schema.safeParse(dataOf(node))
  for (const { path, message } of error?.issues ?? []) {
    const found = path.reduce<FileNode | null>(
      (parent, key) => (parent === null ? null : childOf(parent, key)),
      node,
    )
    const { at, path: place } = found ?? { at: keyAt, path: pathOf(node.path, path) }
    problems.add(at, place, `does not fit: ${message}`)
  }
}

const pathOf = (start: string, path: readonly PropertyKey[]): string =>
  [start, ...path.map(String)].join('.')

function childOf(node: FileNode, key: PropertyKey): FileNode | null {
  if (node.kind === 'map') return node.entries.get(String(key))?.value ?? null
  return node.kind === 'list' ? (node.items[Number(key)] ?? null) : null
}

interface Check {
  readonly root: JsonSchema
  readonly compile: Compile
  readonly problems: Problems
  readonly isLiteral: boolean
}

function checkObject(node: FileMap, keyAt: number, schema: JsonSchema, check: Check): void {
  const { properties = {}, required = [], additionalProperties: more } = schema
  const known = Object.keys(properties)
  const isClosed = known.length > 0 && (more === undefined || more === false)
  for (const { name, keyAt: at, value } of node.entries.values()) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (property !== undefined) checkPart(value, property, check)
    else if (typeof more === 'object') checkPart(value, more, check)
    else if (isClosed) {
      check.problems.add(at, value.path, `the action takes no "${name}"`, suggestName(name, known))
    }
  }
  if (check.isLiteral) return
  for (const name of required) {
    if (node.entries.has(name)) continue
    check.problems.add(keyAt, node.path, `the action needs "${name}"`)
  }
}

/** Walks to the expressions of a value; what is literal was checked by the schema itself. */
function checkPart(node: FileNode, given: JsonSchema, check: Check): void {
  const { root, compile, problems } = check
  const schema = resolveSchema(given, root)
  if (node.kind === 'map' && schema.type === 'object')
    return checkObject(node, node.at, schema, check)
  if (node.kind === 'list' && schema.type === 'array' && schema.items !== undefined) {
    for (const item of node.items) checkPart(item, schema.items, check)
    return undefined
  }
  if (!holdsTemplate(node)) return undefined
  const { type } = compile(node)
  const wanted = typeOf(schema, root, 0)
  if (joinTypes(type, wanted) !== null) return undefined
  const message = `the action takes ${describeType(wanted)} here, and this is ${describeType(type)}`
  const hint = wanted.kind === 'string' ? 'write string(…)' : null
  problems.add(node.at, node.path, message, hint)
  return undefined
}
