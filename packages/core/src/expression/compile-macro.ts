// Forms that look like calls and are none: `has(x.y)`, and what goes over a list.

import { callOf, type Compiler, expectKind, findStep, isTrue } from './compiler.ts'
import { EvaluationError, ExpressionError } from './expression-error.ts'
import { FAULT_STEPS, type Meter, spend } from './meter.ts'
import type { SyntaxNode } from './parse-expression.ts'
import type { Compiled, Evaluation, Run } from './scope.ts'
import {
  ANY,
  BOOL,
  describeType,
  fieldOf,
  kindOf,
  listOf,
  STRING,
  type ValueType,
} from './value-type.ts'

const NESTING_MAX = 3
const OVER_LISTS = ['all', 'exists', 'exists_one', 'filter', 'map'] as const
type OverList = (typeof OVER_LISTS)[number]

export function isMacro(node: SyntaxNode): boolean {
  const { name, receiver, args } = callOf(node)
  if (receiver === null) return name === 'has'
  return isOverList(name) && (args.length === 2 || (name === 'map' && args.length === 3))
}

const isOverList = (name: string): name is OverList =>
  (OVER_LISTS as readonly string[]).includes(name)

export function compileMacro(compiler: Compiler, node: SyntaxNode): Compiled {
  const { name, receiver, args } = callOf(node)
  if (receiver === null || !isOverList(name)) return compileHas(compiler, node, args)
  return compileOverList(compiler, node, { name, receiver, args })
}

function compileHas(
  compiler: Compiler,
  node: SyntaxNode,
  [asked]: readonly SyntaxNode[],
): Compiled {
  if (asked === undefined || asked.op !== '.' || findStep(compiler, asked) !== null) {
    throw new ExpressionError('has() asks for a field', node, 'write has(value.field)')
  }
  const [left, name] = asked.args as [SyntaxNode, string]
  const owner = compiler.compile(left)
  const { type } = owner
  if (type.kind !== 'any' && (type.kind !== 'map' || fieldOf(type, name) === null)) {
    throw new ExpressionError(`${describeType(type)} has no field "${name}"`, asked)
  }
  return {
    type: BOOL,
    run(evaluation) {
      const value = owner.run(evaluation)
      return kindOf(value) === 'map' && Object.hasOwn(value as object, name)
    },
  }
}

interface OverListCall {
  readonly name: OverList
  readonly receiver: SyntaxNode
  readonly args: readonly SyntaxNode[]
}

function compileOverList(
  compiler: Compiler,
  node: SyntaxNode,
  { name, receiver, args }: OverListCall,
): Compiled {
  const [variable, ...bodies] = args
  if (variable === undefined || variable.op !== 'id') {
    throw new ExpressionError(`${name}() begins with the name of a variable`, variable ?? node)
  }
  if (compiler.locals.length >= NESTING_MAX) {
    throw new ExpressionError(`lists are gone over at most ${NESTING_MAX} deep`, node)
  }
  compiler.facts.builds = true
  const list = compiler.compile(receiver)
  const item = itemType(list.type, receiver)
  const inner = compiler.withLocal({ name: String(variable.args), type: item })
  const compiled = bodies.map((body) => inner.compile(body))
  const predicate = name === 'map' && bodies.length === 1 ? null : compiled[0]
  if (predicate !== null && predicate !== undefined && bodies[0] !== undefined) {
    expectKind(predicate, 'bool', bodies[0])
  }
  const place = compiler.locals.length
  const cost = 1 + (node.end - node.start) / 8
  const each = (evaluation: Evaluation, items: readonly unknown[], body: Run) =>
    items.map((value) => {
      spend(evaluation, cost)
      evaluation.locals[place] = value
      return body(evaluation)
    })
  const test = predicate?.run
  const transform = name === 'map' ? compiled.at(-1) : undefined
  return {
    type: name === 'map' ? listOf(transform?.type ?? ANY) : name === 'filter' ? listOf(item) : BOOL,
    run(evaluation) {
      const items = itemsOf(list.run(evaluation))
      const holds = (value: unknown): boolean => {
        spend(evaluation, cost)
        evaluation.locals[place] = value
        return test === undefined || isTrue(test(evaluation))
      }
      switch (name) {
        case 'filter':
          return items.filter(holds)
        case 'map':
          return each(
            evaluation,
            test === undefined ? items : items.filter(holds),
            transform?.run ?? (() => null),
          )
        case 'exists_one':
          return items.filter(holds).length === 1
        case 'all':
        case 'exists':
          return quantify(evaluation, items, holds, name === 'exists')
      }
    },
  }
}

/** One item may fail when another decides (CEL). */
function quantify(
  meter: Meter,
  items: readonly unknown[],
  holds: (value: unknown) => boolean,
  decides: boolean,
): boolean {
  let fault: unknown
  for (const value of items) {
    try {
      if (holds(value) === decides) return decides
    } catch (error) {
      fault ??= error
      if (isSpent(error)) break
      spend(meter, FAULT_STEPS)
    }
  }
  if (fault !== undefined) throw fault
  return !decides
}

const isSpent = (error: unknown): boolean => !(error instanceof EvaluationError) || error.isSpent

function itemType(type: ValueType, at: SyntaxNode): ValueType {
  if (type.kind === 'list') return type.item
  if (type.kind === 'map') return STRING
  if (type.kind === 'any') return ANY
  throw new ExpressionError(`this must be a list, and is ${describeType(type)}`, at)
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[]
  if (kindOf(value) === 'map') return Object.keys(value as object)
  throw new EvaluationError('there is no list to go over')
}
