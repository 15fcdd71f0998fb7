// A table of the fields of a schema.

import { z } from 'zod'

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly format?: string
  readonly additionalProperties?: unknown
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** A table; where the schema has no fields, one line; empty without a schema, or for an empty object. */
export function renderFields(
  title: string,
  schema: z.ZodType | undefined,
  io: 'input' | 'output',
): string {
  if (schema === undefined) return ''
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' })
  const { $defs = {}, ...root } = json as JsonSchema
  const { shape, words } = unwrap(root, $defs)
  const fields = Object.entries(shape.properties ?? {})
  if (fields.length === 0) {
    const isEmpty = shape.type === 'object' && shape.additionalProperties === false
    return isEmpty ? '' : `${title}: ${describe(root)}\n`
  }
  const required = new Set(shape.required)
  const rows = fields.map(([name, field]) => {
    const isNeeded = io === 'input' && required.has(name)
    return `| \`${name}\`${isNeeded ? ' (required)' : ''} | ${describe(field)} |`
  })
  return `| ${title}${words} | |\n|---|---|\n${rows.join('\n')}\n`
}

/** The object whose fields are told, and what it is one of. */
function unwrap(
  schema: JsonSchema,
  named: Readonly<Record<string, JsonSchema>>,
): { readonly shape: JsonSchema; readonly words: string } {
  if (schema.$ref !== undefined) return unwrap(named[nameOf(schema.$ref)] ?? {}, named)
  if (schema.type === 'array' && schema.items !== undefined) {
    const { shape, words } = unwrap(schema.items, named)
    return { shape, words: `, a list; each${words}` }
  }
  const [option, ...others] = (schema.anyOf ?? []).filter(({ type }) => type !== 'null')
  if (option !== undefined && others.length === 0) {
    const { shape, words } = unwrap(option, named)
    return { shape, words: `${words}, or null` }
  }
  return { shape: schema, words: '' }
}

const nameOf = (reference: string): string => reference.split('/').at(-1) ?? ''

function describe(field: JsonSchema): string {
  const limits = [
    field.maxLength === undefined ? '' : `at most ${field.maxLength} characters`,
    isLimit(field.minimum) ? `from ${field.minimum}` : '',
    isLimit(field.maximum) ? `to ${field.maximum}` : '',
    field.default === undefined ? '' : `default \`${JSON.stringify(field.default)}\``,
  ].filter((limit) => limit !== '')
  return [typeOf(field), ...limits].join(', ').replaceAll('|', '\\|')
}

/** Bounds of the number type itself say nothing. */
const isLimit = (bound: number | undefined): boolean =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER

function typeOf(field: JsonSchema): string {
  if (field.$ref !== undefined) return field.$ref === '#' ? 'the same' : nameOf(field.$ref)
  const options = field.anyOf ?? field.oneOf
  if (options !== undefined) return [...new Set(options.map(typeOf))].join(' or ')
  if (field.enum !== undefined)
    return field.enum.map((value) => `\`${String(value)}\``).join(' or ')
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``
  if (field.type === 'array')
    return `list of ${field.items === undefined ? 'values' : typeOf(field.items)}`
  if (field.type === 'object' && field.properties !== undefined) {
    return `object of ${Object.keys(field.properties)
      .map((name) => `\`${name}\``)
      .join(', ')}`
  }
  if (field.type === 'string' && field.format !== undefined)
    return NAME_OF[field.format] ?? 'string'
  return [field.type ?? 'any JSON'].flat().join(' or ')
}

const NAME_OF: Readonly<Record<string, string>> = {
  'date-time': 'instant (ISO 8601)',
  uuid: 'UUID',
  uri: 'URL',
}
