// A connector's settings and credential as fields to fill in, and what was filled in as the account
// to send.
//
//   JSON Schema ─▶ fields, ways to sign in ─▶ texts and ticks ─▶ settings, credential
//
// F1. What is left empty is not sent: the connector's own default holds.
// F2. The server judges; here only what cannot be sent is caught.

import type { Json, JsonObject } from '@bookend/contract'

export interface FormField {
  readonly name: string
  readonly label: string
  readonly help: string | null
  readonly isRequired: boolean
  readonly isSecret: boolean
  readonly kind: 'line' | 'text' | 'number' | 'tick' | 'choice' | 'json'
  readonly choices: readonly string[]
  /** What holds when it is left empty, as text. */
  readonly standard: string
}

/** One way to sign in; `fields` is empty for none. */
export interface SignIn {
  readonly id: string
  readonly label: string
  /** Sent beside the fields; null: no credential is sent. */
  readonly fixed: JsonObject | null
  readonly fields: readonly FormField[]
}

/** By the field's name: a text, or whether it is ticked. */
export type FormValues = Readonly<Record<string, string | boolean>>

type Schema = Readonly<Record<string, unknown>>

const WORDS: Readonly<Record<string, string>> = {
  api: 'API',
  ca: 'CA',
  id: 'id',
  ms: '(ms)',
  tls: 'TLS',
  url: 'URL',
}

/** `base_url` as `Base URL`. */
export function labelOf(name: string): string {
  const text = name
    .split(/[_-]/)
    .map((word) => WORDS[word] ?? word)
    .join(' ')
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

export function readFields(schema: Schema): readonly FormField[] {
  const properties = asSchema(schema['properties'])
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(properties).flatMap(([name, given]) => {
    const property = withoutNull(asSchema(given))
    if ('const' in property) return []
    const { title, description, default: standard } = asSchema({ ...asSchema(given), ...property })
    return [
      {
        name,
        label: typeof title === 'string' ? title : labelOf(name),
        help: typeof description === 'string' ? description : null,
        isRequired: required.includes(name),
        isSecret: asSchema(given)['writeOnly'] === true,
        standard: standard === undefined || standard === null ? '' : renderValue(standard),
        ...kindOf(property),
      },
    ]
  })
}

function kindOf({ type, enum: choices, maxLength, pattern }: Schema) {
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')) {
    return { kind: 'choice', choices: choices as string[] } as const
  }
  const none = { choices: [] } as const
  if (type === 'boolean') return { kind: 'tick', ...none } as const
  if (type === 'number' || type === 'integer') return { kind: 'number', ...none } as const
  if (type !== 'string') return { kind: 'json', ...none } as const
  const isLong =
    (typeof maxLength === 'number' && maxLength > 10_000) || String(pattern).includes('BEGIN')
  return { kind: isLong ? 'text' : 'line', ...none } as const
}

/** A field that may be null is one that may be left empty. */
function withoutNull(schema: Schema): Schema {
  const options = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(options)) return schema
  const rest = options.map(asSchema).filter(({ type }) => type !== 'null')
  return rest.length === 1 ? (rest[0] ?? schema) : schema
}

export function readSignIns(schema: Schema): readonly SignIn[] {
  const options = schema['oneOf'] ?? schema['anyOf']
  const alternatives = Array.isArray(options) ? options.map(asSchema) : [schema]
  return alternatives.map((option, at) => {
    if (option['type'] === 'null') {
      return { id: 'none', label: 'No credential', fixed: null, fields: [] }
    }
    const { const: kind, description } = asSchema(asSchema(option['properties'])['kind'])
    const hasKind = typeof kind === 'string'
    return {
      id: hasKind ? kind : `option-${at}`,
      label:
        typeof description === 'string'
          ? description
          : hasKind
            ? kind === 'none'
              ? 'No credential'
              : labelOf(kind)
            : 'With a credential',
      fixed: hasKind ? { kind } : {},
      fields: readFields(option),
    }
  })
}

/** The account's part, or what is wrong, by field. */
export function readValues(
  fields: readonly FormField[],
  values: FormValues,
): { sent: JsonObject; wrong: ReadonlyMap<string, string> } {
  const sent: JsonObject = {}
  const wrong = new Map<string, string>()
  for (const field of fields) {
    const value = values[field.name]
    if (typeof value === 'boolean') sent[field.name] = value
    else if (value === undefined || value.trim() === '') {
      if (field.isRequired) wrong.set(field.name, 'is needed')
    } else {
      const read = readText(field, value)
      if (read === undefined) wrong.set(field.name, WRONG[field.kind] ?? 'cannot be read')
      else sent[field.name] = read
    }
  }
  return { sent, wrong }
}

const WRONG: Partial<Record<FormField['kind'], string>> = {
  number: 'must be a number',
  json: 'must be JSON',
}

function readText({ kind, isSecret }: FormField, value: string): Json | undefined {
  if (kind === 'number') return Number.isFinite(Number(value)) ? Number(value) : undefined
  if (kind === 'line' || kind === 'text' || kind === 'choice') {
    // A pasted secret comes with the line's end.
    return isSecret ? value.replace(/[\r\n]+$/, '') : value.trim()
  }
  try {
    return JSON.parse(value) as Json
  } catch {
    return undefined
  }
}

/** What is stored, for the fields to begin with. */
export function fillIn(fields: readonly FormField[], settings: Schema): FormValues {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = settings[name]
      if (value === undefined || value === null) return []
      return [[name, typeof value === 'boolean' ? value : renderValue(value)]]
    }),
  )
}

/** Settings that were taken out of the form: null takes them away. */
export function renderPatch(before: Schema, after: JsonObject): JsonObject {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...after }
}

const renderValue = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const asSchema = (value: unknown): Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
