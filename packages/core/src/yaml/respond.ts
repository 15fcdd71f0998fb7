// What a pre-call workflow answers: parameters, and where the call goes.
//
// R1. A value that cannot be told costs its own parameter; a condition that cannot be told is false.
// R2. Agents and numbers stand in the file: none is ever made of data (threats B6).

import { normaliseNumber } from '../call/phone-number.ts'
import { EvaluationError } from '../expression/expression-error.ts'
import type { Condition } from '../expression/expression.ts'
import { suggestName } from '../expression/nearest.ts'
import type { Frame, Mention, Vocabulary } from '../expression/scope.ts'
import { describeType, joinTypes } from '../expression/value-type.ts'
import type { PreCallReturn, Routing } from '../precall/definition.ts'
import type { FileEntry, FileNode } from './file-node.ts'
import type { Parameters } from './parameters.ts'
import type { Problems } from './problem.ts'
import { type Fields, readFields, readMap, readText } from './read.ts'
import { compileTest, compileValue, holdsTemplate, type Value } from './value.ts'

export interface Respond {
  readonly mentions: readonly Mention[]
  /** The declared parameters that it sets, with what each mentions. */
  readonly sets: ReadonlyMap<string, readonly Mention[]>
  answer(frame: Frame): PreCallReturn
}

export function readRespond(
  entry: FileEntry | undefined,
  vocabulary: Vocabulary,
  parameters: Parameters,
  problems: Problems,
): Respond {
  const fields = readFields(entry?.value, ['route', 'parameters', 'first_message'], problems)
  const values = readValues(fields.get('parameters'), vocabulary, parameters, problems)
  const routes = readRoutes(fields.get('route'), vocabulary, problems)
  const message = readMessage(fields.get('first_message'), vocabulary, problems)
  return {
    mentions: [
      ...values.flatMap(([, value]) => value.mentions),
      ...routes.flatMap(({ mentions }) => mentions),
      ...(message?.mentions ?? []),
    ],
    sets: new Map(values.map(([name, { mentions }]) => [name, mentions])),
    answer(frame) {
      const told = values.map(([name, value]) => [name, tryEvaluate(value, frame)] as const)
      const spoken = message === null ? undefined : tryEvaluate(message, frame)
      const route = routes.find(({ condition }) => holds(condition, frame))
      return {
        parameters: Object.fromEntries(told),
        ...(typeof spoken === 'string' ? { first_message: spoken } : {}),
        ...route?.answer(frame),
      } as PreCallReturn
    },
  }
}

function tryEvaluate(value: Value, frame: Frame): unknown {
  try {
    return value.evaluate(frame)
  } catch (error) {
    if (error instanceof EvaluationError) return undefined
    throw error
  }
}

function holds(condition: Condition | null, frame: Frame): boolean {
  try {
    return condition?.holds(frame) ?? true
  } catch (error) {
    if (error instanceof EvaluationError) return false
    throw error
  }
}

function readValues(
  entry: FileEntry | undefined,
  vocabulary: Vocabulary,
  { types }: Parameters,
  problems: Problems,
): readonly (readonly [string, Value])[] {
  const entries = readMap(entry?.value, problems)?.entries.values() ?? []
  return [...entries].map(({ name, keyAt, value: node }) => {
    const value = compileValue(node, vocabulary, problems)
    const declared = Object.hasOwn(types, name) ? types[name] : undefined
    if (declared === undefined) {
      const hint = suggestName(name, Object.keys(types)) ?? 'declare it under "parameters"'
      problems.add(keyAt, node.path, `there is no parameter "${name}"`, hint)
    } else if (joinTypes(value.type, declared) === null) {
      const kinds = `${describeType(declared)}, and this is ${describeType(value.type)}`
      problems.add(node.at, node.path, `the parameter is ${kinds}`)
    }
    return [name, value] as const
  })
}

function readMessage(
  entry: FileEntry | undefined,
  vocabulary: Vocabulary,
  problems: Problems,
): Value | null {
  if (entry === undefined) return null
  const value = compileValue(entry.value, vocabulary, problems)
  if (value.type.kind === 'string' || value.type.kind === 'any') return value
  problems.add(entry.value.at, entry.value.path, 'this must be text')
  return null
}

interface Route {
  readonly condition: Condition | null
  readonly mentions: readonly Mention[]
  answer(frame: Frame): Routing
}

const WAYS = ['agent', 'transfer', 'reject', 'say'] as const
const ROUTE_FIELDS = ['if', ...WAYS, 'message']

function readRoutes(
  entry: FileEntry | undefined,
  vocabulary: Vocabulary,
  problems: Problems,
): readonly Route[] {
  if (entry === undefined) return []
  const { value } = entry
  if (value.kind !== 'list') {
    problems.add(value.at, value.path, 'routes are a list; the first one whose "if" holds is taken')
    return []
  }
  return value.items.flatMap((item) => readRoute(item, vocabulary, problems) ?? [])
}

function readRoute(node: FileNode, vocabulary: Vocabulary, problems: Problems): Route | null {
  const fields = readFields(node, ROUTE_FIELDS, problems)
  const condition = compileTest(fields.get('if'), vocabulary, problems)
  const [way, other] = WAYS.filter((name) => fields.has(name))
  if (way === undefined || other !== undefined) {
    problems.add(node.at, node.path, 'a route says one of agent, transfer, reject or say')
    return null
  }
  const message = readMessage(fields.get('message'), vocabulary, problems)
  if (fields.has('message') && way !== 'transfer') {
    problems.add(node.at, node.path, '"message" goes with "transfer"')
  }
  const target = readTarget(way, fields, vocabulary, problems)
  if (target === null) return null
  return {
    condition,
    mentions: [...(condition?.mentions ?? []), ...target.mentions, ...(message?.mentions ?? [])],
    answer: (frame) => {
      const told = tryEvaluate(target, frame)
      const text = typeof told === 'string' ? told : ''
      const spoken = message === null ? undefined : tryEvaluate(message, frame)
      switch (way) {
        case 'agent':
          return { agent_id: text }
        case 'transfer':
          return {
            transfer: {
              to_number: text,
              ...(typeof spoken === 'string' ? { message: spoken } : {}),
            },
          }
        case 'reject':
          return { reject: text === '' ? {} : { reason: text } }
        case 'say':
          return { say: text }
      }
    },
  }
}

function readTarget(
  way: (typeof WAYS)[number],
  fields: Fields,
  vocabulary: Vocabulary,
  problems: Problems,
): Value | null {
  const entry = fields.get(way)
  if (way === 'say' || entry === undefined) return readMessage(entry, vocabulary, problems)
  const text = readText(entry, problems)
  if (text === null) return null
  const { at, path } = entry.value
  if (holdsTemplate(entry.value)) {
    problems.add(at, path, `"${way}" holds no expression: where a call goes stands in the file`)
    return null
  }
  if (way === 'transfer' && normaliseNumber(text) === null) {
    problems.add(
      at,
      path,
      `"${text}" is not a phone number`,
      'write it in quotes, with + and country: "+15550100911"',
    )
  }
  return compileValue(entry.value, vocabulary, problems)
}
