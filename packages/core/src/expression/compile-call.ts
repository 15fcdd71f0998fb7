// Calls of functions: which entry fits is decided by types where they are known, by values where
// they are not.

import { callOf, type Compiler } from './compiler.ts'
import { EvaluationError, ExpressionError } from './expression-error.ts'
import { type FunctionEntry, functions } from './functions.ts'
import { suggestName } from './nearest.ts'
import type { SyntaxNode } from './parse-expression.ts'
import { compilePattern } from './pattern.ts'
import type { Compiled } from './scope.ts'
import {
  ANY,
  BOOL,
  describeType,
  joinTypes,
  kindOf,
  TIMESTAMP,
  type ValueType,
} from './value-type.ts'

const OTHERS = [
  'has',
  'matches',
  'now',
  'business_hours',
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
]
const NAMES = [...new Set([...functions.map(({ name }) => name), ...OTHERS])].toSorted()

export function compileCall(compiler: Compiler, node: SyntaxNode): Compiled {
  const { name, receiver, args } = callOf(node)
  if (name === 'matches' && receiver !== null) return compileMatches(compiler, node, receiver, args)
  if (name === 'now' && receiver === null) return compileNow(compiler, node, args)
  if (name === 'business_hours' && receiver === null) return compileHours(compiler, node, args)
  const entries = functions.filter(
    (entry) => entry.name === name && (entry.on === null) === (receiver === null),
  )
  if (entries.length === 0) throw unknownFunction(name, receiver, node)
  compiler.facts.builds = true
  const parts = (receiver === null ? args : [receiver, ...args]).map((each) =>
    compiler.compile(each),
  )
  const types = parts.map(({ type }) => type)
  const fitting = entries.filter((entry) => mayFit(entry, types))
  const [only] = fitting
  if (only === undefined) throw noFit(name, entries, types, node)
  const gives = fitting
    .map((entry) => entry.gives)
    .reduce<ValueType>((all, type) => joinTypes(all, type) ?? ANY, only.gives)
  const isKnown =
    fitting.length === 1 && types.every(({ kind }) => kind !== 'any' && kind !== 'null')
  return {
    type: gives,
    run(evaluation) {
      const values = parts.map(({ run }) => run(evaluation))
      const entry = isKnown && !values.includes(null) ? only : find(fitting, values, name)
      return entry.run(values as never[], evaluation)
    },
  }
}

const kindsOf = ({ on, takes }: FunctionEntry) => (on === null ? takes : [on, ...takes])

function mayFit(entry: FunctionEntry, types: readonly ValueType[]): boolean {
  const kinds = kindsOf(entry)
  if (kinds.length !== types.length) return false
  return kinds.every((kind, index) => types[index]?.kind === kind || types[index]?.kind === 'any')
}

function find(
  entries: readonly FunctionEntry[],
  values: readonly unknown[],
  name: string,
): FunctionEntry {
  const found = entries.find((entry) =>
    kindsOf(entry).every((kind, index) => kindOf(values[index]) === kind),
  )
  if (found !== undefined) return found
  const kinds = values.map((value) => kindOf(value) ?? 'that').join(', ')
  throw new EvaluationError(`${name}() does not take ${kinds}`)
}

function unknownFunction(name: string, receiver: SyntaxNode | null, node: SyntaxNode) {
  const isOther = functions.some((entry) => entry.name === name)
  const other = receiver === null ? `value.${name}(…)` : `${name}(value)`
  const hint = isOther ? `write ${other}` : suggestName(name, NAMES)
  return new ExpressionError(
    `there is no function "${name}"${isOther ? ' of this form' : ''}`,
    node,
    hint,
  )
}

function noFit(
  name: string,
  entries: readonly FunctionEntry[],
  types: readonly ValueType[],
  node: SyntaxNode,
): ExpressionError {
  const given = types.map(describeType).join(', ') || 'nothing'
  const shapes = entries.map((entry) => {
    const words = entry.takes.map((kind) => describeType({ kind } as ValueType)).join(', ')
    return entry.on === null
      ? `${name}(${words})`
      : `${describeType({ kind: entry.on } as ValueType)}.${name}(${words})`
  })
  return new ExpressionError(
    `${name}() does not take ${given}`,
    node,
    `it is ${shapes.join(' or ')}`,
  )
}

function compileMatches(
  compiler: Compiler,
  node: SyntaxNode,
  receiver: SyntaxNode,
  [source, ...others]: readonly SyntaxNode[],
): Compiled {
  if (
    source === undefined ||
    others.length > 0 ||
    source.op !== 'value' ||
    typeof source.args !== 'string'
  ) {
    const hint = 'write text.matches("pattern")'
    throw new ExpressionError('the pattern of matches() is a text in quotes', source ?? node, hint)
  }
  const pattern = compilePattern(source.args, source)
  const { type, run } = compiler.compile(receiver)
  if (type.kind !== 'string' && type.kind !== 'any') {
    throw new ExpressionError(`matches() does not take ${describeType(type)}`, node)
  }
  return {
    type: BOOL,
    run(evaluation) {
      const subject = run(evaluation)
      if (typeof subject === 'string') return pattern.test(subject, evaluation)
      throw new EvaluationError('matches() reads text')
    },
  }
}

function compileNow({ facts }: Compiler, node: SyntaxNode, args: readonly SyntaxNode[]): Compiled {
  if (args.length > 0) throw new ExpressionError('now() takes nothing', node)
  facts.isTimed = true
  return { type: TIMESTAMP, run: ({ frame }) => frame.now() }
}

function compileHours(
  { facts, vocabulary }: Compiler,
  node: SyntaxNode,
  [name, ...others]: readonly SyntaxNode[],
): Compiled {
  if (
    name === undefined ||
    others.length > 0 ||
    name.op !== 'value' ||
    typeof name.args !== 'string'
  ) {
    throw new ExpressionError(
      'business_hours() takes the name of a calendar in quotes',
      name ?? node,
    )
  }
  const calendar = name.args
  const { calendars } = vocabulary
  const names = calendars?.names ?? null
  if (names !== null && !names.includes(calendar)) {
    const hint = suggestName(calendar, names) ?? 'bookend.config.ts names none'
    throw new ExpressionError(`there is no calendar "${calendar}"`, name, hint)
  }
  facts.isTimed = true
  return {
    type: BOOL,
    run({ frame }) {
      const isOpen = calendars?.isOpen(calendar, frame.calledAt ?? frame.now()) ?? null
      if (isOpen !== null) return isOpen
      throw new EvaluationError(`there is no calendar "${calendar}"`)
    },
  }
}
