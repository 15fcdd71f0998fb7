// A handoff's form as fields to fill in, and what was filled in as the answer to send.
//
//   JSON Schema ─▶ fields ─▶ texts and ticks ─▶ answer, without what was left empty

import type { Json, JsonObject } from '@bookend/contract'

export type FormField = {
  readonly name: string
  readonly label: string
  readonly help: string | null
  readonly isRequired: boolean
} & (
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'tick' }
  | { readonly kind: 'number' }
  | { readonly kind: 'line' | 'text' }
  /** A list or a nested object, written as JSON. */
  | { readonly kind: 'json' }
)

/** By the field's name: a text, or whether it is ticked. */
export type FormValues = Readonly<Record<string, string | boolean>>

const LINE_MAX = 120

export function readFields(form: JsonObject): readonly FormField[] {
  const properties = isObject(form['properties']) ? form['properties'] : {}
  const required = Array.isArray(form['required']) ? form['required'] : []
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isObject(property)) return []
    const { title, description } = property
    const about = {
      name,
      label: typeof title === 'string' ? title : name.replaceAll(/[_-]/g, ' '),
      help: typeof description === 'string' ? description : null,
      isRequired: required.includes(name),
    }
    return [{ ...about, ...kindOf(property) }]
  })
}

function kindOf(property: JsonObject) {
  const { type, enum: choices, maxLength, format } = property
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')) {
    return { kind: 'choice', choices } as const
  }
  if (type === 'boolean') return { kind: 'tick' } as const
  if (type === 'number' || type === 'integer') return { kind: 'number' } as const
  if (type !== 'string') return { kind: 'json' } as const
  const isShort =
    typeof format === 'string' || (typeof maxLength === 'number' && maxLength <= LINE_MAX)
  return { kind: isShort ? 'line' : 'text' } as const
}

/** The answer, or what is wrong, by field. */
export function readAnswer(
  fields: readonly FormField[],
  values: FormValues,
): { answer: JsonObject; wrong: ReadonlyMap<string, string> } {
  const answer: JsonObject = {}
  const wrong = new Map<string, string>()
  for (const field of fields) {
    const value = values[field.name] ?? (field.kind === 'tick' ? false : '')
    if (typeof value === 'boolean') {
      answer[field.name] = value
    } else if (value.trim() === '') {
      if (field.isRequired) wrong.set(field.name, 'is needed')
    } else {
      const read = readText(field, value)
      if (read === undefined) wrong.set(field.name, WRONG[field.kind] ?? 'cannot be read')
      else answer[field.name] = read
    }
  }
  return { answer, wrong }
}

const WRONG: Partial<Record<FormField['kind'], string>> = {
  number: 'must be a number',
  json: 'must be JSON',
}

function readText({ kind }: FormField, value: string): Json | undefined {
  if (kind === 'number') return Number.isFinite(Number(value)) ? Number(value) : undefined
  if (kind !== 'json') return value
  try {
    return JSON.parse(value) as Json
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
