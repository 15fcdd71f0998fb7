// Operators, and the two literals that hold other expressions.

import { type Compiler, expectKind, isTrue, nodesOf, pairOf } from './compiler.ts'
import { ExpressionError } from './expression-error.ts'
import { FAULT_STEPS, spend } from './meter.ts'
import type { Arithmetic, Comparison } from './operations.ts'
import { calculate, compare, isEqual, isIn } from './operations.ts'
import type { SyntaxNode } from './parse-expression.ts'
import type { Compiled, Run } from './scope.ts'
import type { Kind, ValueType } from './value-type.ts'
import {
  ANY,
  BOOL,
  DURATION,
  NUMBER,
  STRING,
  TIMESTAMP,
  WHOLE,
  describeType,
  joinTypes,
  listOf,
  mapOf,
} from './value-type.ts'

export function compileList(compiler: Compiler, node: SyntaxNode): Compiled {
  compiler.facts.builds = true
  const items = nodesOf(node).map((each) => compiler.compile(each))
  const item = items
    .map(({ type }) => type)
    .reduce<ValueType | null>(
      (all, type) => (all === null ? type : (joinTypes(all, type) ?? ANY)),
      null,
    )
  return {
    type: listOf(item ?? ANY),
    run: (evaluation) => items.map(({ run }) => run(evaluation)),
  }
}

export function compileMap(compiler: Compiler, node: SyntaxNode): Compiled {
  compiler.facts.builds = true
  const entries = (node.args as [SyntaxNode, SyntaxNode][]).map(([key, value]) => {
    if (key.op !== 'value' || typeof key.args !== 'string') {
      throw new ExpressionError('the keys of a map are texts in quotes', key)
    }
    if (key.args === '__proto__') throw new ExpressionError('"__proto__" cannot be a key', key)
    return [key.args, compiler.compile(value)] as const
  })
  return {
    type: mapOf(Object.fromEntries(entries.map(([key, { type }]) => [key, type]))),
    run: (evaluation) =>
      Object.fromEntries(entries.map(([key, { run }]) => [key, run(evaluation) ?? null])),
  }
}

export function compileChoice(compiler: Compiler, node: SyntaxNode): Compiled {
  const [test, yes, no] = node.args as [SyntaxNode, SyntaxNode, SyntaxNode]
  const condition = compiler.compile(test)
  expectKind(condition, 'bool', test)
  const [one, other] = [compiler.compile(yes), compiler.compile(no)]
  const type = joinTypes(one.type, other.type)
  if (type === null) {
    const kinds = `${describeType(one.type)} and ${describeType(other.type)}`
    throw new ExpressionError(`both sides of ":" must be of one type, not ${kinds}`, node)
  }
  return {
    type,
    run: (evaluation) => (isTrue(condition.run(evaluation)) ? one : other).run(evaluation),
  }
}

/** One side may fail when the other decides (CEL). */
export function compileLogic(compiler: Compiler, node: SyntaxNode): Compiled {
  const [left, right] = pairOf(node).map((each) => {
    const compiled = compiler.compile(each)
    expectKind(compiled, 'bool', each)
    return compiled.run
  }) as [Run, Run]
  const decides = node.op === '||'
  return {
    type: BOOL,
    run(evaluation) {
      let first: boolean
      try {
        first = isTrue(left(evaluation))
      } catch (error) {
        spend(evaluation, FAULT_STEPS)
        if (isTrue(right(evaluation)) === decides) return decides
        throw error
      }
      return first === decides ? decides : isTrue(right(evaluation))
    },
  }
}

export function compileNot(compiler: Compiler, node: SyntaxNode): Compiled {
  const part = node.args as SyntaxNode
  const compiled = compiler.compile(part)
  expectKind(compiled, 'bool', part)
  return { type: BOOL, run: (evaluation) => !isTrue(compiled.run(evaluation)) }
}

export function compileMinus(compiler: Compiler, node: SyntaxNode): Compiled {
  const part = node.args as SyntaxNode
  const { type, run } = compiler.compile(part)
  expectKind({ type }, 'number', part)
  return {
    type: type.kind === 'any' ? NUMBER : type,
    run: (evaluation) => calculate('-', 0, run(evaluation), false, evaluation),
  }
}

export function compileEquality(compiler: Compiler, node: SyntaxNode): Compiled {
  const [left, right] = pairOf(node)
  const [a, b] = [compiler.compile(left), compiler.compile(right)]
  if (joinTypes(a.type, b.type) === null) {
    const kinds = `${describeType(a.type)} and ${describeType(b.type)}`
    const hint = convertHint(a.type, b.type)
    throw new ExpressionError(`${kinds} are never equal`, node, hint)
  }
  const isWanted = node.op === '=='
  return {
    type: BOOL,
    run: (evaluation) => isEqual(a.run(evaluation), b.run(evaluation), evaluation) === isWanted,
  }
}

function convertHint(a: ValueType, b: ValueType): string | null {
  const kinds = [a.kind, b.kind]
  return kinds.includes('string') && kinds.includes('number')
    ? 'convert with int() or string()'
    : null
}

const ORDERED: readonly Kind[] = ['any', 'number', 'string', 'timestamp', 'duration']

export function compileComparison(compiler: Compiler, node: SyntaxNode, op: Comparison): Compiled {
  const [left, right] = pairOf(node)
  const [a, b] = [compiler.compile(left), compiler.compile(right)]
  const isOrdered = ORDERED.includes(a.type.kind) && ORDERED.includes(b.type.kind)
  if (!isOrdered || joinTypes(a.type, b.type) === null) throw misfit(node, a.type, b.type)
  return { type: BOOL, run: (evaluation) => compare(op, a.run(evaluation), b.run(evaluation)) }
}

function misfit(node: SyntaxNode, a: ValueType, b: ValueType): ExpressionError {
  const kinds = `${describeType(a)} and ${describeType(b)}`
  return new ExpressionError(`"${node.op}" does not work on ${kinds}`, node, convertHint(a, b))
}

export function compileArithmetic(compiler: Compiler, node: SyntaxNode, op: Arithmetic): Compiled {
  const [left, right] = pairOf(node)
  const [a, b] = [compiler.compile(left), compiler.compile(right)]
  const type = arithmeticType(op, a.type, b.type)
  if (type === null) throw misfit(node, a.type, b.type)
  const isWhole = type === WHOLE
  return {
    type,
    run: (evaluation) => calculate(op, a.run(evaluation), b.run(evaluation), isWhole, evaluation),
  }
}

function arithmeticType(op: Arithmetic, a: ValueType, b: ValueType): ValueType | null {
  if (a.kind === 'number' && b.kind === 'number') return a.isWhole && b.isWhole ? WHOLE : NUMBER
  if (a.kind === 'any' || b.kind === 'any') {
    const other = a.kind === 'any' ? b : a
    if (op !== '+' && op !== '-') {
      return other.kind === 'any' || other.kind === 'number' ? NUMBER : null
    }
    if (other.kind === 'number') return NUMBER
    if (op === '+' && other.kind === 'string') return STRING
    return ['any', 'list', 'timestamp', 'duration'].includes(other.kind) ? ANY : null
  }
  if (op === '+') {
    if (a.kind === 'string' && b.kind === 'string') return STRING
    if (a.kind === 'list' && b.kind === 'list') return joinTypes(a, b)
    if (a.kind === 'timestamp' && b.kind === 'duration') return TIMESTAMP
    if (a.kind === 'duration' && b.kind === 'timestamp') return TIMESTAMP
    return a.kind === 'duration' && b.kind === 'duration' ? DURATION : null
  }
  if (op !== '-') return null
  if (a.kind === 'timestamp' && b.kind === 'timestamp') return DURATION
  if (a.kind === 'timestamp' && b.kind === 'duration') return TIMESTAMP
  return a.kind === 'duration' && b.kind === 'duration' ? DURATION : null
}

export function compileIn(compiler: Compiler, node: SyntaxNode): Compiled {
  const [left, right] = pairOf(node)
  const [value, container] = [compiler.compile(left), compiler.compile(right)]
  const { type } = container
  if (type.kind === 'string') {
    throw new ExpressionError(
      '"in" looks into a list or a map',
      node,
      'write text.contains("part")',
    )
  }
  if (!['any', 'list', 'map'].includes(type.kind)) throw misfit(node, value.type, type)
  if (type.kind === 'list' && joinTypes(value.type, type.item) === null) {
    throw misfit(node, value.type, type)
  }
  return {
    type: BOOL,
    run: (evaluation) => isIn(value.run(evaluation), container.run(evaluation), evaluation),
  }
}
