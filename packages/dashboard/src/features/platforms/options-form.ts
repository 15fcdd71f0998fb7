// A platform's options as fields to fill in, and what was filled in as the options to send.
//
//   JSON Schema ─▶ fields, and groups of which one kind is chosen ─▶ texts and ticks ─▶ options
//
// F1. What is left empty is not sent: the platform's own default holds.
// F2. A secret is never filled in. One that is left empty stays as it is stored.
// F3. A group is given whole, or it stays as it is stored.

import type { JsonObject } from '@bookend/contract'
import {
  type FormField,
  type FormValues,
  readFields,
  readSignIns,
  readValues,
  type SignIn,
} from '../connections/connection-form.ts'

/** An option of which there are several kinds, such as how events are verified. */
export interface OptionGroup {
  readonly field: FormField
  readonly kinds: readonly SignIn[]
}
export interface OptionsForm {
  readonly fields: readonly FormField[]
  readonly groups: readonly OptionGroup[]
}

/** What was entered for a group; null: it stays, or is not given. */
export interface GroupEntry {
  readonly kind: string
  readonly values: FormValues
}
export interface OptionsEntry {
  readonly values: FormValues
  readonly groups: Readonly<Record<string, GroupEntry | null>>
}

type Schema = Readonly<Record<string, unknown>>

export function readOptions(schema: Schema): OptionsForm {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>
  const all = readFields(schema)
  const isGroup = ({ name }: FormField): boolean =>
    Array.isArray(properties[name]?.['oneOf']) || readSignIns(properties[name] ?? {}).length > 1
  return {
    fields: all.filter((field) => !isGroup(field)).toSorted((a, b) => rankOf(a) - rankOf(b)),
    groups: all.filter(isGroup).map((field) => ({
      field,
      kinds: readSignIns(properties[field.name] ?? {}).filter(({ fixed }) => fixed !== null),
    })),
  }
}

/** Options that every platform has, and hardly anybody changes. */
const COMMON = new Set(['outcome_parameters', 'number_format', 'budget_ms'])

/** What must be given comes first, then what opens the platform's API. */
function rankOf({ name, isRequired, isSecret }: FormField): number {
  if (isRequired) return 0
  if (isSecret) return 1
  return COMMON.has(name) ? 3 : 2
}

/** What is stored, for a form to begin with. */
export function fillOptions({ fields, groups }: OptionsForm, stored: Schema | null): OptionsEntry {
  const shown = fields.filter(({ isSecret, name }) => !isSecret && stored?.[name] != null)
  const values = shown.map(({ name }) => [name, renderOption(stored?.[name])] as const)
  const entries = groups.map(({ field, kinds }) => {
    const isOpen = stored === null && field.isRequired
    return [field.name, isOpen ? { kind: kinds[0]?.id ?? '', values: {} } : null] as const
  })
  return { values: Object.fromEntries(values), groups: Object.fromEntries(entries) }
}

const renderOption = (value: unknown): string | boolean =>
  typeof value === 'string' || typeof value === 'boolean' ? value : JSON.stringify(value)

/**
 * The options to send, or what is wrong, by path.
 *
 * @param stored What is stored; null for a new connection.
 */
export function readEntry(
  form: OptionsForm,
  entry: OptionsEntry,
  stored: Schema | null,
): { options: JsonObject; wrong: ReadonlyMap<string, string> } {
  const isKept = ({ name, isSecret }: FormField): boolean =>
    isSecret && stored?.[name] !== undefined && (entry.values[name] ?? '') === ''
  const asked = form.fields.filter((field) => !isKept(field))
  const { sent, wrong: faults } = readValues(asked, entry.values)
  const wrong = new Map(faults)
  const options: JsonObject = { ...sent }
  for (const { name } of asked) {
    if (stored?.[name] !== undefined && !Object.hasOwn(sent, name)) options[name] = null
  }
  for (const { field, kinds } of form.groups) {
    const given = entry.groups[field.name] ?? null
    const kind = kinds.find(({ id }) => id === given?.kind)
    if (given === null || kind === undefined) continue
    const read = readValues(kind.fields, given.values)
    for (const [name, message] of read.wrong) wrong.set(`${field.name}.${name}`, message)
    options[field.name] = { ...kind.fixed, ...read.sent }
  }
  return { options, wrong }
}
