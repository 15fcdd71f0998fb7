import type { Json } from '@bookend/contract'
import { parse } from 'yaml'
import type { FormField } from '../../connections/connection-form.ts'

export type ReadInput = { readonly value: Json | undefined } | { readonly wrong: string }

/** A value of the text in a field. */
export const showInput = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

/** What was typed, as the action wants it; an expression stays one. Empty: nothing. */
export function readInput(kind: FormField['kind'], typed: string): ReadInput {
  const text = typed.trim()
  if (text === '') return { value: undefined }
  if (text.includes('${{')) return { value: text }
  switch (kind) {
    case 'line':
    case 'text':
    case 'choice':
      return { value: text }
    case 'number':
      return Number.isFinite(Number(text))
        ? { value: Number(text) }
        : { wrong: 'Must be a number.' }
    case 'tick':
      return text === 'true' || text === 'false'
        ? { value: text === 'true' }
        : { wrong: 'Must be true or false.' }
    case 'json':
      return readYaml(text)
  }
}

/** JSON, or the YAML that it is a part of. */
export function readYaml(typed: string): ReadInput {
  if (typed.trim() === '') return { value: undefined }
  try {
    return { value: parse(typed) as Json }
  } catch {
    return { wrong: 'Must be a value in JSON or YAML, such as [a, b] or { a: 1 }.' }
  }
}
