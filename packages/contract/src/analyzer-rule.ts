// Which analyzers an agent may have: unique titles, options that belong to the kind, and an output
// that every model with structured output can keep to.

import type { z } from 'zod'
import type { Analyzer, AnalyzerKind, AnalyzerOptions } from './analysis.ts'
import type { Json, JsonObject } from './primitives.ts'

interface KindRule {
  readonly options: readonly (keyof AnalyzerOptions)[]
  readonly needs?: 'words' | 'rules'
  /** Of the result; `options.field` picks one. */
  readonly fields: readonly string[]
}

export const analyzerFields = {
  model: { options: ['model', 'temperature', 'max_output_tokens', 'timeout_s'], fields: [] },
  sentiment: {
    options: ['speaker', 'field'],
    fields: ['label', 'score', 'lowest', 'utterances'],
  },
  keywords: { options: ['words', 'speaker', 'field'], needs: 'words', fields: ['total', 'found'] },
  talk_ratio: { options: ['field'], fields: ['agent', 'user', 'agent_words', 'user_words'] },
  longest_monologue: {
    options: ['speaker', 'field'],
    fields: ['speaker', 'words', 'seconds', 'sequence'],
  },
  silence: {
    options: ['longer_than_s', 'field'],
    fields: ['count', 'longest_s', 'total_s', 'share'],
  },
  interruptions: { options: ['field'], fields: ['total', 'by_agent', 'by_user'] },
  response_latency: {
    options: ['field'],
    fields: ['agent_average_s', 'agent_longest_s', 'user_average_s', 'user_longest_s'],
  },
  duration: { options: ['field'], fields: ['seconds', 'utterances'] },
  outcome: { options: ['rules', 'otherwise'], needs: 'rules', fields: [] },
} as const satisfies Record<AnalyzerKind, KindRule>

type Issue = (path: readonly PropertyKey[], message: string) => void

/** For `superRefine` over the list of an agent's analyzers. */
export function checkAnalyzers(analyzers: readonly Analyzer[], context: z.RefinementCtx): void {
  const seen = new Set<string>()
  analyzers.forEach((analyzer, index) => {
    const issue: Issue = (path, message) =>
      context.addIssue({ code: 'custom', path: [index, ...path], message })
    const { title } = analyzer
    if (title.trim() === '') issue(['title'], 'must not be empty')
    if (title === '__proto__') issue(['title'], 'is no name for a result')
    if (seen.has(title)) issue(['title'], 'is the title of another analyzer of this agent')
    seen.add(title)
    checkKind(analyzer, issue)
  })
}

function checkKind(
  { kind = 'model', prompt, output_config: output, options = {} }: Analyzer,
  issue: Issue,
): void {
  const rule: KindRule = analyzerFields[kind]
  for (const name of Object.keys(options)) {
    if ((rule.options as readonly string[]).includes(name)) continue
    const known = rule.options.join(', ')
    issue(['options', name], `is no option of a ${kind} analyzer, which takes ${known}`)
  }
  const { needs } = rule
  if (needs !== undefined && options[needs] === undefined) {
    issue(['options', needs], `is missing; a ${kind} analyzer needs it`)
  }
  const { field } = options
  if (field !== undefined && rule.fields.length > 0 && !rule.fields.includes(field)) {
    issue(['options', 'field'], `must be one of ${rule.fields.join(', ')}`)
  }
  if (kind === 'model') {
    if (prompt.trim() === '') issue(['prompt'], 'must say what to ask the model')
    const fault = output === undefined ? null : findOutputFault(output)
    if (fault !== null) issue(['output_config', ...fault.path], fault.message)
  } else if (output !== undefined) {
    issue(['output_config'], `belongs to a model analyzer; the output of ${kind} is known`)
  }
}

const SCALARS = ['string', 'number', 'integer', 'boolean']
const KEYWORDS = [
  'type',
  'description',
  'enum',
  'properties',
  'required',
  'additionalProperties',
  'items',
]
const DEPTH_MAX = 5
const PROPERTIES_MAX = 100
const ENUM_MAX = 250

interface Fault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Null for a schema of the part of JSON Schema that structured output knows everywhere. */
export function findOutputFault(root: JsonObject): Fault | null {
  let properties = 0

  function find(
    schema: Json | undefined,
    path: readonly PropertyKey[],
    depth: number,
  ): Fault | null {
    if (!isObject(schema)) return { path, message: 'must be a schema, such as {"type":"string"}' }
    if (depth > DEPTH_MAX) return { path, message: `is nested deeper than ${DEPTH_MAX} levels` }
    const unknown = Object.keys(schema).find((name) => !KEYWORDS.includes(name))
    if (unknown !== undefined) {
      return { path: [...path, unknown], message: `is not known; use ${KEYWORDS.join(', ')}` }
    }
    const { type, description, enum: values } = schema
    if (description !== undefined && typeof description !== 'string') {
      return { path: [...path, 'description'], message: 'must be a text' }
    }
    if (type === 'object') return findInObject(schema, path, depth)
    if (type === 'array') return find(schema['items'], [...path, 'items'], depth + 1)
    if (typeof type !== 'string' || !SCALARS.includes(type)) {
      const known = [...SCALARS, 'array', 'object'].join(', ')
      return { path: [...path, 'type'], message: `must be one of ${known}` }
    }
    return values === undefined || isEnum(type, values)
      ? null
      : { path: [...path, 'enum'], message: `must list 1 to ${ENUM_MAX} values of type ${type}` }
  }

  function findInObject(
    schema: JsonObject,
    path: readonly PropertyKey[],
    depth: number,
  ): Fault | null {
    const { properties: own, required, additionalProperties: rest } = schema
    const isBare = !isObject(own) || Object.keys(own).length === 0
    if (isBare) return { path: [...path, 'properties'], message: 'must name what the object holds' }
    if (rest !== undefined && rest !== false) {
      return { path: [...path, 'additionalProperties'], message: 'can only be false' }
    }
    const isKnown = (name: Json): boolean => typeof name === 'string' && Object.hasOwn(own, name)
    if (required !== undefined && !(Array.isArray(required) && required.every(isKnown))) {
      return { path: [...path, 'required'], message: 'must list names of the properties' }
    }
    properties += Object.keys(own).length
    if (properties > PROPERTIES_MAX) {
      return { path, message: `has more than ${PROPERTIES_MAX} properties` }
    }
    for (const [name, property] of Object.entries(own)) {
      const fault = find(property, [...path, 'properties', name], depth + 1)
      if (fault !== null) return fault
    }
    return null
  }

  return find(root, [], 1)
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isEnum(type: string, values: Json): boolean {
  if (!Array.isArray(values) || values.length === 0 || values.length > ENUM_MAX) return false
  return values.every((value) =>
    type === 'integer' ? Number.isInteger(value) : typeof value === type,
  )
}
