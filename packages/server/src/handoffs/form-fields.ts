// A handoff's form as fields of a page, and what a browser sends back as an answer to it.
//
// F1. What a field cannot show is asked for as JSON, so that every form can be answered.
// F2. The form itself judges the answer; nothing is checked here but that it can be read.

import type { Json, JsonObject } from '@bookend/contract'

type FieldKind =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'choices'; readonly options: readonly string[] }
  | { readonly kind: 'yes_no' }
  | { readonly kind: 'number'; readonly min: number | null; readonly max: number | null }
  | {
      readonly kind: 'line'
      readonly type: 'text' | 'email' | 'url' | 'date'
      readonly maxLength: number | null
    }
  | { readonly kind: 'text'; readonly maxLength: number | null }
  | { readonly kind: 'json' }

export type Field = FieldKind & {
  readonly name: string
  /** What it is called in the form that is sent. */
  readonly input: string
  readonly label: string
  readonly hint: string | null
  readonly isRequired: boolean
}

const LINE_MAX = 200
const CHOICES_MAX = 100
const LINE_TYPES: Readonly<Record<string, 'email' | 'url' | 'date'>> = {
  email: 'email',
  uri: 'url',
  date: 'date',
}

/** In the order in which the form was written. */
export function fieldsOf(form: JsonObject): readonly Field[] {
  const properties = isObject(form['properties']) ? form['properties'] : {}
  const required = Array.isArray(form['required']) ? form['required'] : []
  return Object.entries(properties).map(([name, given], at) => {
    const schema = withoutNull(isObject(given) ? given : {})
    return {
      ...kindOf(schema),
      name,
      input: `field${at}`,
      label: textOf(schema['title']) ?? name,
      hint: textOf(schema['description']),
      isRequired: required.includes(name) && !('default' in schema),
    }
  })
}

/** The one kind of value that a field which may be null takes otherwise. */
function withoutNull(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema
  if (!Array.isArray(anyOf)) return schema
  const others = anyOf.filter((part) => isObject(part) && part['type'] !== 'null')
  const [only] = others
  return others.length === 1 && isObject(only) ? { ...rest, ...only } : schema
}

function kindOf(schema: JsonObject): FieldKind {
  const { type, items } = schema
  const options = optionsOf(schema)
  if (options !== null) return { kind: 'choice', options }
  const several = type === 'array' && isObject(items) ? optionsOf(items) : null
  if (several !== null) return { kind: 'choices', options: several }
  const maxLength = numberOf(schema['maxLength'])
  switch (textOf(type)) {
    case 'boolean':
      return { kind: 'yes_no' }
    case 'integer':
    case 'number':
      return { kind: 'number', min: numberOf(schema['minimum']), max: numberOf(schema['maximum']) }
    case 'string': {
      const special = LINE_TYPES[textOf(schema['format']) ?? '']
      if (special !== undefined) return { kind: 'line', type: special, maxLength }
      return maxLength !== null && maxLength <= LINE_MAX
        ? { kind: 'line', type: 'text', maxLength }
        : { kind: 'text', maxLength }
    }
    case null:
    default:
      return { kind: 'json' }
  }
}

function optionsOf(schema: JsonObject): readonly string[] | null {
  const values = Array.isArray(schema['enum']) ? schema['enum'] : null
  const isPlain = values?.every((value) => typeof value === 'string') === true
  return isPlain && values.length <= CHOICES_MAX ? (values as string[]) : null
}

/** What was sent, by the names of inputs. */
export type Sent = Pick<URLSearchParams, 'get' | 'getAll'>

export interface ReadAnswer {
  readonly answer: JsonObject
  /** Fields that could not be read, by name. */
  readonly faults: ReadonlyMap<string, string>
}

export function readAnswer(fields: readonly Field[], sent: Sent): ReadAnswer {
  const answer: [string, Json][] = []
  const faults = new Map<string, string>()
  for (const field of fields) {
    const value = readField(field, sent)
    if (value === undefined) continue
    if (value instanceof SyntaxError) faults.set(field.name, 'this is not JSON')
    else answer.push([field.name, value])
  }
  return { answer: Object.fromEntries(answer), faults }
}

/** Undefined: it was left out. */
function readField(field: Field, sent: Sent): Json | SyntaxError | undefined {
  const text = sent.get(field.input)?.replaceAll('\r\n', '\n') ?? ''
  switch (field.kind) {
    case 'yes_no':
      return text === 'yes'
    case 'choices':
      return sent.getAll(field.input).slice(0, CHOICES_MAX)
    case 'number': {
      if (text.trim() === '') return undefined
      const value = Number(text)
      // As it is, for the form to refuse.
      return Number.isFinite(value) ? value : text
    }
    case 'json':
      if (text.trim() === '') return undefined
      try {
        return JSON.parse(text) as Json
      } catch (error) {
        return error instanceof SyntaxError ? error : new SyntaxError('unreadable')
      }
    case 'choice':
    case 'line':
    case 'text':
      return text === '' ? undefined : text
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
