// What the parts of the compiler share: what is known at a node, and the checks that all make.

import { EvaluationError, ExpressionError } from './expression-error.ts'
import { suggestName } from './nearest.ts'
import type { SyntaxNode } from './parse-expression.ts'
import type { Compiled, Mention, Vocabulary } from './scope.ts'
import { describeType, type Kind, type ValueType } from './value-type.ts'

interface Local {
  readonly name: string
  readonly type: ValueType
}

export interface Compiler {
  readonly vocabulary: Vocabulary
  readonly locals: readonly Local[]
  readonly mentions: Mention[]
  /** Set when the value depends on more than what is mentioned: the time. */
  readonly facts: { isTimed: boolean; builds: boolean }
  compile(node: SyntaxNode): Compiled
  withLocal(local: Local): Compiler
}

export function createCompiler(
  vocabulary: Vocabulary,
  compileNode: (compiler: Compiler, node: SyntaxNode) => Compiled,
): Compiler {
  const mentions: Mention[] = []
  const facts = { isTimed: false, builds: false }
  const make = (locals: readonly Local[]): Compiler => {
    const compiler: Compiler = {
      vocabulary,
      locals,
      mentions,
      facts,
      compile: (node) => compileNode(compiler, node),
      withLocal: (local) => make([...locals, local]),
    }
    return compiler
  }
  return make([])
}

export const nodesOf = (node: SyntaxNode): readonly SyntaxNode[] => node.args as SyntaxNode[]
export const pairOf = (node: SyntaxNode): readonly [SyntaxNode, SyntaxNode] =>
  node.args as [SyntaxNode, SyntaxNode]

/** The step that `steps.x` or `steps["x"]` names; null for any other node. */
export function findStep({ locals, vocabulary }: Compiler, node: SyntaxNode): string | null {
  if (node.op !== '.' && node.op !== '[]') return null
  const [left, right] = node.args as [SyntaxNode, SyntaxNode | string]
  if (left.op !== 'id' || left.args !== 'steps') return null
  if (locals.some(({ name }) => name === 'steps')) return null
  const name = typeof right === 'string' ? right : right.args
  if (typeof right !== 'string' && (right.op !== 'value' || typeof name !== 'string')) {
    throw new ExpressionError('name a step with a text: steps["name"]', right)
  }
  const { steps } = vocabulary
  if (Object.hasOwn(steps, String(name))) return String(name)
  const known = Object.keys(steps)
  const hint = suggestName(String(name), known) ?? 'there are no other steps'
  throw new ExpressionError(`there is no step "${String(name)}" here`, node, hint)
}

export function isTrue(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new EvaluationError('a condition is neither true nor false')
}

export function expectKind({ type }: Pick<Compiled, 'type'>, kind: Kind, at: SyntaxNode): void {
  if (type.kind === kind || type.kind === 'any') return
  const wanted = describeType({ kind } as ValueType)
  throw new ExpressionError(`this must be ${wanted}, and is ${describeType(type)}`, at)
}

export interface CallParts {
  readonly name: string
  readonly receiver: SyntaxNode | null
  readonly args: readonly SyntaxNode[]
}

export function callOf({ op, args }: SyntaxNode): CallParts {
  if (op === 'rcall') {
    const [name, receiver, own] = args as [string, SyntaxNode, SyntaxNode[]]
    return { name, receiver, args: own }
  }
  const [name, own] = args as [string, SyntaxNode[]]
  return { name, receiver: null, args: own }
}
