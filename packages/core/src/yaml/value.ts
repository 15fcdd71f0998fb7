// A value of a file that may hold expressions: compiled once, evaluated in each run.

import { ExpressionError } from '../expression/expression-error.ts'
import { compileCondition, type Condition } from '../expression/expression.ts'
import type { Frame, Mention, Vocabulary } from '../expression/scope.ts'
import { compileTemplate, isTemplate } from '../expression/template.ts'
import { ANY, joinTypes, listOf, mapOf, NULL, type ValueType } from '../expression/value-type.ts'
import { dataOf, type FileEntry, type FileNode, type FileScalar, offsetIn } from './file-node.ts'
import { typeOfData } from './json-type.ts'
import type { Problems } from './problem.ts'

export interface Value {
  readonly type: ValueType
  readonly mentions: readonly Mention[]
  readonly isTimed: boolean
  /** Whether the file holds all of it. */
  readonly isLiteral: boolean
  /** @throws {EvaluationError} */
  evaluate(frame: Frame): unknown
}

export function compileValue(node: FileNode, vocabulary: Vocabulary, problems: Problems): Value {
  if (!holdsTemplate(node)) {
    const data = dataOf(node)
    return { ...nothing, type: typeOfData(data), isLiteral: true, evaluate: () => data }
  }
  switch (node.kind) {
    case 'scalar':
      return compileScalar(node, vocabulary, problems)
    case 'list': {
      const items = node.items.map((item) => compileValue(item, vocabulary, problems))
      const item = items
        .map(({ type }) => type)
        .reduce((all, type) => joinTypes(all, type) ?? ANY, NULL)
      return {
        ...joined(items),
        type: listOf(item),
        evaluate: (frame) => items.map((each) => each.evaluate(frame)),
      }
    }
    case 'map': {
      const entries = [...node.entries].map(
        ([name, { value }]) => [name, compileValue(value, vocabulary, problems)] as const,
      )
      return {
        ...joined(entries.map(([, value]) => value)),
        type: mapOf(Object.fromEntries(entries.map(([name, { type }]) => [name, type]))),
        evaluate: (frame) =>
          Object.fromEntries(entries.map(([name, value]) => [name, value.evaluate(frame)])),
      }
    }
  }
}

const nothing = { mentions: [], isTimed: false, isLiteral: false } as const

const joined = (parts: readonly Value[]) => ({
  mentions: parts.flatMap(({ mentions }) => mentions),
  isTimed: parts.some(({ isTimed }) => isTimed),
  isLiteral: false,
})

export function holdsTemplate(node: FileNode): boolean {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && isTemplate(node.value)
    case 'list':
      return node.items.some(holdsTemplate)
    case 'map':
      return [...node.entries.values()].some(({ value }) => holdsTemplate(value))
  }
}

function compileScalar(node: FileScalar, vocabulary: Vocabulary, problems: Problems): Value {
  return (
    reporting(node, problems, () => ({
      ...compileTemplate(String(node.value), vocabulary),
      isLiteral: false,
    })) ?? { ...nothing, type: ANY, evaluate: () => null }
  )
}

/** A bare expression that is true or false, as `if` and `match` hold; null with a problem. */
export function compileTest(
  entry: FileEntry | undefined,
  vocabulary: Vocabulary,
  problems: Problems,
): Condition | null {
  if (entry === undefined) return null
  const { value } = entry
  if (value.kind !== 'scalar' || value.value === null) {
    problems.add(value.at, value.path, 'this must be an expression')
    return null
  }
  return reporting(value, problems, () => compileCondition(String(value.value), vocabulary))
}

function reporting<T>(node: FileScalar, problems: Problems, compile: () => T): T | null {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const { start, end, message, hint } = error
    problems.add(offsetIn(node, start, end), node.path, message, hint)
    return null
  }
}
