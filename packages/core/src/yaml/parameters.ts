// The parameters a pre-call workflow declares: all that the agent may learn (P3).

import type { Json } from '@bookend/contract'
import { PARAMETER_NAME } from '@bookend/contract'
import { z } from 'zod'
import { BOOL, NUMBER, STRING, type ValueType } from '../expression/value-type.ts'
import { dataOf, type FileEntry } from './file-node.ts'
import type { Problems } from './problem.ts'
import { isNothing, readChoice, readFields, readMap, readNumber } from './read.ts'

export interface Parameters {
  readonly schemas: Readonly<Record<string, z.ZodType>>
  readonly fallback: Readonly<Record<string, Json>>
  readonly types: Readonly<Record<string, ValueType>>
}

const TYPES = ['string', 'integer', 'number', 'boolean'] as const
type TypeName = (typeof TYPES)[number]
const FIELDS = ['type', 'enum', 'maxLength', 'min', 'max', 'default', 'description']

export function readParameters(entry: FileEntry | undefined, problems: Problems): Parameters {
  const schemas: Record<string, z.ZodType> = {}
  const fallback: Record<string, Json> = {}
  const types: Record<string, ValueType> = {}
  for (const parameter of readMap(entry?.value, problems)?.entries.values() ?? []) {
    const { name, keyAt, value } = parameter
    if (!PARAMETER_NAME.test(name)) {
      const hint = 'begin with a letter; use letters, digits and _'
      problems.add(keyAt, value.path, `"${name}" is not a parameter name`, hint)
      continue
    }
    const read = readParameter(parameter, problems)
    if (read === null) continue
    schemas[name] = read.schema
    types[name] = read.type
    if (read.default !== undefined) fallback[name] = read.default
  }
  return { schemas, fallback, types }
}

function readParameter({ keyAt, value }: FileEntry, problems: Problems) {
  const fields = readFields(value, FIELDS, problems)
  const choices = readChoices(fields.get('enum'), problems)
  const type = readChoice(fields.get('type'), TYPES, problems)
  const { path } = value
  if (choices === null && type === null) {
    if (!fields.has('enum') && !fields.has('type')) {
      problems.add(
        keyAt,
        path,
        'the parameter has no type',
        'write { type: string } or { enum: [a, b] }',
      )
    }
    return null
  }
  if (choices !== null && type !== null && type !== 'string') {
    problems.add(keyAt, path, 'the choices of an enum are texts; leave "type" out')
  }
  const isText = choices === null && type === 'string'
  const isNumber = type === 'integer' || type === 'number'
  for (const [name, fits] of [
    ['maxLength', isText],
    ['min', isNumber],
    ['max', isNumber],
  ] as const) {
    const field = fields.get(name)
    if (field !== undefined && !fits) {
      problems.add(field.keyAt, field.value.path, `"${name}" does not go with this type`)
    }
  }
  const schema = makeSchema(choices, type ?? 'string', {
    maxLength: readNumber(fields.get('maxLength'), problems),
    min: readNumber(fields.get('min'), problems),
    max: readNumber(fields.get('max'), problems),
  })
  const own = fields.get('default')
  const found = own === undefined || isNothing(own.value) ? undefined : dataOf(own.value)
  const { error } = found === undefined ? {} : schema.safeParse(found)
  if (error !== undefined && own !== undefined) {
    const message = error.issues[0]?.message ?? 'it does not match'
    problems.add(own.value.at, own.value.path, `the default does not fit: ${message}`)
  }
  return { schema, type: typeOf(choices, type), default: found as Json | undefined }
}

function readChoices(entry: FileEntry | undefined, problems: Problems): readonly string[] | null {
  if (entry === undefined) return null
  const data = dataOf(entry.value)
  if (Array.isArray(data) && data.length > 0 && data.every((each) => typeof each === 'string')) {
    return data
  }
  problems.add(entry.value.at, entry.value.path, 'an enum is a list of texts', 'write [free, pro]')
  return null
}

const NO_VALUE = 'has no value: a step it needs failed or was skipped'
const params = {
  error: ({ input }: { readonly input?: unknown }) => (input === undefined ? NO_VALUE : undefined),
}

interface Bounds {
  readonly maxLength: number | null
  readonly min: number | null
  readonly max: number | null
}

function makeSchema(choices: readonly string[] | null, type: TypeName, bounds: Bounds): z.ZodType {
  if (choices !== null) return z.enum(choices as [string, ...string[]], params)
  switch (type) {
    case 'string': {
      const text = z.string(params)
      return bounds.maxLength === null ? text : text.max(bounds.maxLength)
    }
    case 'boolean':
      return z.boolean(params)
    case 'integer':
    case 'number': {
      const number = type === 'integer' ? z.int(params) : z.number(params)
      const least = bounds.min === null ? number : number.min(bounds.min)
      return bounds.max === null ? least : least.max(bounds.max)
    }
  }
}

function typeOf(choices: readonly string[] | null, type: TypeName | null): ValueType {
  if (choices !== null || type === 'string') return STRING
  return type === 'boolean' ? BOOL : NUMBER
}
