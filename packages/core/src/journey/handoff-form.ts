// The form of a handoff: what a zod object or a JSON Schema of a workflow becomes, and what an answer
// to it must be.
//
// H1. A pattern would run on a backtracking engine against whatever is typed (threats D2), so a form
//     has none; a format, an enum and lengths say the same.

import type { Json, JsonObject } from '@bookend/contract'
import { jsonDepth } from '@bookend/contract'
import { z } from 'zod'
import { WorkflowError } from '../kernel/error.ts'
import type { HandoffForm, HumanOptions } from './definition.ts'
import { storableText, toJournalOutput } from './output.ts'

const TITLE_MAX = 300
const ASSIGNEE = /^[\p{L}\p{N}][\p{L}\p{N} ._:@+-]{0,99}$/u
const FORM_MAX = 16_384
const DEPTH_MAX = 8

export interface ParsedHandoff {
  readonly title: string
  readonly assign: string | null
  readonly form: JsonObject
}

/** @throws {WorkflowError} Title, assignee or form is not what it may be. */
export function parseHandoff(
  name: string,
  { title, assign, form, notify }: HumanOptions,
): ParsedHandoff {
  const refuse = (what: string): WorkflowError => new WorkflowError(`Handoff "${name}": ${what}`)
  if (typeof title !== 'string' || title.trim() === '') throw refuse('it needs a title')
  if (assign !== undefined && (typeof assign !== 'string' || !ASSIGNEE.test(assign))) {
    throw refuse('"assign" is a name of at most 100 characters, such as team:support-leads')
  }
  if (notify !== undefined && typeof notify !== 'function') {
    throw refuse('"notify" is a function, (handoff) => …')
  }
  const schema = toFormSchema(form, refuse)
  return { title: storableText(title.slice(0, TITLE_MAX)), assign: assign ?? null, form: schema }
}

function toFormSchema(form: HandoffForm, refuse: (what: string) => WorkflowError): JsonObject {
  if (typeof form !== 'object' || form === null) throw refuse('it needs a form')
  let schema: Json
  try {
    schema = '_zod' in form ? renderZod(form) : toJournalOutput('form', form)
  } catch (error) {
    throw refuse(`its form cannot be shown: ${error instanceof Error ? error.message : 'unknown'}`)
  }
  if (!isObject(schema) || schema['type'] !== 'object' || !isObject(schema['properties'])) {
    throw refuse('its form is no object with fields; write z.object({ … })')
  }
  const plain = dropPatterns(schema)
  const text = JSON.stringify(plain)
  if (text.length > FORM_MAX || jsonDepth(plain) > DEPTH_MAX) {
    throw refuse(`its form is too large; the most is ${FORM_MAX} characters`)
  }
  if (text.includes('"pattern')) {
    throw refuse('a form has no patterns; use an enum, a format or a length')
  }
  if (compile(plain) === null) throw refuse('its form is not a JSON Schema that can be used')
  return plain
}

/** By shape: a workflow's bundle brings its own copy of zod. */
function renderZod(form: object): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(form as z.ZodType, { io: 'input' })
  return JSON.parse(JSON.stringify(schema)) as Json
}

/** Beside a format, a pattern says the same once more. */
function dropPatterns(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'pattern' && typeof schema['format'] === 'string') return []
    const kept = Array.isArray(value)
      ? value.map((part) => (isObject(part) ? dropPatterns(part) : part))
      : isObject(value)
        ? dropPatterns(value)
        : value
    return [[key, kept] as const]
  })
  return Object.fromEntries(entries)
}

export type CheckedAnswer =
  | { readonly ok: true; readonly answer: JsonObject }
  | { readonly ok: false; readonly issues: readonly { path: string; message: string }[] }

/** What a person sent, against the form it was asked with. */
export function checkAnswer(form: JsonObject, answer: JsonObject): CheckedAnswer {
  const result = compile(form)?.safeParse(answer)
  if (result === undefined) {
    return { ok: false, issues: [{ path: '', message: 'the form cannot be read any more' }] }
  }
  if (result.success) return { ok: true, answer: result.data as JsonObject }
  const issues = result.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }))
  return { ok: false, issues }
}

function compile(schema: JsonObject): z.ZodType | null {
  try {
    return z.fromJSONSchema(schema)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
