// Values that stand in the text, names, and what is read from them.

import { type Compiler, expectKind, findStep, pairOf } from './compiler.ts'
import { EvaluationError, ExpressionError } from './expression-error.ts'
import { suggestName } from './nearest.ts'
import { readField, readItem } from './operations.ts'
import type { SyntaxNode } from './parse-expression.ts'
import type { Compiled, Mention, Run, Vocabulary } from './scope.ts'
import { ANY, BOOL, NULL, NUMBER, STRING, WHOLE, describeType, fieldOf } from './value-type.ts'

export function compileLiteral(node: SyntaxNode): Compiled {
  const value = node.args
  if (value === null) return { type: NULL, run: () => null }
  if (typeof value === 'string') return { type: STRING, run: () => value }
  if (typeof value === 'boolean') return { type: BOOL, run: () => value }
  if (typeof value === 'number') return { type: NUMBER, run: () => value }
  if (typeof value !== 'bigint') {
    throw new ExpressionError('bytes and unsigned numbers are not part of the language', node)
  }
  const whole = Number(value)
  if (Number.isSafeInteger(whole)) return { type: WHOLE, run: () => whole }
  throw new ExpressionError('the number is too large to be exact', node)
}

export function compileName({ locals, vocabulary }: Compiler, node: SyntaxNode): Compiled {
  const name = String(node.args)
  const place = locals.findLastIndex((local) => local.name === name)
  const local = locals[place]
  if (local !== undefined) return { type: local.type, run: ({ locals: values }) => values[place] }
  if (name === 'steps') {
    throw new ExpressionError('name a step: steps.<name>', node, stepsHint(vocabulary))
  }
  const { variables } = vocabulary
  const type = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (type === undefined) {
    const known = [...locals.map((each) => each.name), ...Object.keys(variables), 'steps']
    throw new ExpressionError(
      `there is no variable "${name}"`,
      node,
      hintName(name, known, vocabulary),
    )
  }
  return { type, run: ({ frame }) => frame.variables[name] ?? null }
}

const stepsHint = ({ steps }: Vocabulary): string | null => suggestName('', Object.keys(steps))

function hintName(name: string, known: readonly string[], { steps }: Vocabulary): string | null {
  return Object.hasOwn(steps, name) ? `write steps.${name}` : suggestName(name, known)
}

function compileStep(
  { vocabulary, mentions }: Compiler,
  step: string,
  of: Mention['of'],
): Compiled {
  mentions.push({ step, of })
  if (of === 'status') {
    return { type: STRING, run: ({ frame }) => frame.steps[step]?.status ?? 'skipped' }
  }
  return {
    type: vocabulary.steps[step] ?? ANY,
    run({ frame }) {
      const output = frame.steps[step]?.output
      if (output === undefined) throw new EvaluationError(`step "${step}" has no output`)
      return output
    },
  }
}

export function compileField(compiler: Compiler, node: SyntaxNode): Compiled {
  const [left, name] = node.args as [SyntaxNode, string]
  const own = findStep(compiler, node)
  if (own !== null) return compileStep(compiler, own, 'output')
  const step = findStep(compiler, left)
  if (step !== null && (name === 'status' || name === 'output')) {
    return compileStep(compiler, step, name)
  }
  const owner = compiler.compile(left)
  return readingField(owner, name, node)
}

function readingField(owner: Compiled, name: string, at: SyntaxNode): Compiled {
  const { type, run } = owner
  const reading: Run = (evaluation) => readField(run(evaluation), name)
  if (type.kind === 'any') return { type: ANY, run: reading }
  if (type.kind !== 'map') {
    throw new ExpressionError(`${describeType(type)} has no field "${name}"`, at)
  }
  const field = fieldOf(type, name)
  if (field !== null) return { type: field, run: reading }
  const hint = suggestName(name, Object.keys(type.fields))
  throw new ExpressionError(`there is no field "${name}"`, at, hint)
}

export function compileItem(compiler: Compiler, node: SyntaxNode): Compiled {
  const own = findStep(compiler, node)
  if (own !== null) return compileStep(compiler, own, 'output')
  const [left, right] = pairOf(node)
  const owner = compiler.compile(left)
  if (right.op === 'value' && typeof right.args === 'string') {
    return readingField(owner, right.args, node)
  }
  const index = compiler.compile(right)
  const run: Run = (evaluation) => readItem(owner.run(evaluation), index.run(evaluation))
  const { type } = owner
  if (type.kind === 'any') return { type, run }
  if (type.kind === 'list') expectKind(index, 'number', right)
  else if (type.kind === 'map') expectKind(index, 'string', right)
  else throw new ExpressionError(`${describeType(type)} has no items`, node)
  return { type: type.kind === 'list' ? type.item : ANY, run }
}
