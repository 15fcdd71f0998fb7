// A question to a person, as a file asks it: `human: { title, assign, form, within }`.

import type { JsonObject } from '@bookend/contract'
import { BOOL, mapOf, NUMBER, STRING, type ValueType } from '../expression/value-type.ts'
import { parseHandoff } from '../journey/handoff-form.ts'
import { WorkflowError } from '../kernel/error.ts'
import { handlePath } from '../connection/handles.ts'
import { type Catalog, type LocalConnections, readUse, type Use } from './catalog.ts'
import { dataOf, type FileEntry, type FileMap, type FileNode } from './file-node.ts'
import type { Problems } from './problem.ts'
import {
  type Fields,
  readChoice,
  readDuration,
  readFields,
  readMap,
  readNumber,
  readText,
} from './read.ts'
import { holdsTemplate } from './value.ts'

export interface HandoffDraft {
  /** May hold expressions. */
  readonly title: FileNode | undefined
  readonly assign: string | null
  /** A JSON Schema of type object. */
  readonly form: JsonObject
  readonly within: string | null
  /** What the answer has of each field. */
  readonly answer: ValueType
  /** Fields that a person may leave out: null then. */
  readonly optional: readonly string[]
  readonly notify: NoticeDraft | null
}

export interface NoticeDraft {
  readonly use: Use
  readonly handle: readonly [string, string]
  readonly fields: Fields
  readonly path: string
}

export interface HandoffContext {
  readonly catalog: Catalog
  readonly locals: LocalConnections
  readonly problems: Problems
}

const FIELDS = ['title', 'assign', 'form', 'within', 'notify']
const FORM_FIELDS = ['type', 'enum', 'optional', 'maxLength', 'min', 'max', 'label', 'description']
const TYPES = ['string', 'integer', 'number', 'boolean'] as const

export function readHandoff(
  entry: FileEntry | undefined,
  context: HandoffContext,
): HandoffDraft | null {
  const { problems } = context
  const map = readMap(entry?.value, problems)
  if (map === null || entry === undefined) return null
  const fields = readFields(map, FIELDS, problems)
  for (const name of ['title', 'form', 'within']) requireField(name, map, entry.keyAt, problems)
  const form = readForm(fields.get('form'), problems)
  const assign = readText(fields.get('assign'), problems)
  const own = fields.get('assign')
  if (own !== undefined && holdsTemplate(own.value)) {
    problems.add(
      own.value.at,
      own.value.path,
      'who decides stands in the file, without expressions',
    )
  }
  checkParts(entry, { assign, form: form.schema }, problems)
  return {
    title: fields.get('title')?.value,
    assign,
    form: form.schema,
    within: readDuration(fields.get('within'), problems),
    answer: mapOf(form.types),
    optional: form.optional,
    notify: readNotice(fields.get('notify'), context),
  }
}

/** How somebody hears of it: `notify: { use: chat.message.post, with: … }`. */
function readNotice(
  entry: FileEntry | undefined,
  { locals, catalog, problems }: HandoffContext,
): NoticeDraft | null {
  const map = readMap(entry?.value, problems)
  if (map === null || entry === undefined) return null
  const fields = readFields(map, ['use', 'with'], problems)
  requireField('use', map, entry.keyAt, problems)
  const use = readUse(fields, locals, catalog, problems)
  return use === null ? null : { use, handle: handlePath(use.name), fields, path: map.path }
}

export function requireField(name: string, map: FileMap, keyAt: number, problems: Problems): void {
  if (!map.entries.has(name)) problems.add(keyAt, map.path, `it needs "${name}"`)
}

/** As the engine will, when the run comes to it. */
function checkParts(
  { value }: FileEntry,
  { assign, form }: { readonly assign: string | null; readonly form: JsonObject },
  problems: Problems,
): void {
  try {
    parseHandoff('', {
      title: 'a title',
      form,
      within: '1d',
      ...(assign === null ? {} : { assign }),
    })
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    problems.add(value.at, value.path, error.message.replace(/^Handoff "": /, ''))
  }
}

function readForm(entry: FileEntry | undefined, problems: Problems) {
  const properties: Record<string, JsonObject> = {}
  const types: Record<string, ValueType> = {}
  const required: string[] = []
  const optional: string[] = []
  for (const field of readMap(entry?.value, problems)?.entries.values() ?? []) {
    const { name, keyAt, value } = field
    const fields = readFields(value, FORM_FIELDS, problems)
    const type = readChoice(fields.get('type'), TYPES, problems)
    const choices = fields.get('enum')
    if (!fields.has('type') && choices === undefined) {
      problems.add(
        keyAt,
        value.path,
        'the field has no type',
        'write { type: string } or { enum: [a, b] }',
      )
    }
    const isOptional = fields.get('optional')
    if (isOptional !== undefined && dataOf(isOptional.value) === true) optional.push(name)
    else required.push(name)
    types[name] =
      type === 'boolean' ? BOOL : type === 'integer' || type === 'number' ? NUMBER : STRING
    properties[name] = present({
      type: type ?? 'string',
      enum: choices === undefined ? null : dataOf(choices.value),
      maxLength: readNumber(fields.get('maxLength'), problems),
      minimum: readNumber(fields.get('min'), problems),
      maximum: readNumber(fields.get('max'), problems),
      title: readText(fields.get('label'), problems),
      description: readText(fields.get('description'), problems),
    })
  }
  const schema: JsonObject = { type: 'object', properties, required, additionalProperties: false }
  return { schema, types, optional }
}

const present = (fields: Readonly<Record<string, unknown>>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as JsonObject
