// From text to a syntax tree. The grammar and its parser are cel-js; nothing else of it is used
// (docs/decisions/0006): what the tree means is in `compile-node.ts`.

import { Environment } from '@marcbachmann/cel-js'
import { ExpressionError } from './expression-error.ts'

/** A node as the parser makes it; `args` depends on `op`. */
export interface SyntaxNode {
  readonly op: string
  readonly args: unknown
  readonly start: number
  readonly end: number
}

const EXPRESSION_LENGTH_MAX = 4_096

const parser = new Environment({
  limits: {
    maxAstNodes: 500,
    maxDepth: 32,
    maxListElements: 100,
    maxMapEntries: 100,
    maxCallArguments: 8,
  },
})

/** @throws {ExpressionError} It is not an expression, or larger than one may be. */
export function parseExpression(text: string): SyntaxNode {
  if (text.length > EXPRESSION_LENGTH_MAX) {
    throw new ExpressionError(`an expression has at most ${EXPRESSION_LENGTH_MAX} characters`, {
      start: 0,
      end: text.length,
    })
  }
  if (text.trim() === '') {
    throw new ExpressionError('there is no expression', { start: 0, end: text.length })
  }
  try {
    return parser.parse(text).ast as SyntaxNode
  } catch (error) {
    throw explain(error, text)
  }
}

interface ParseFault {
  readonly summary: string
  readonly code: string
  readonly range?: { readonly start: number; readonly end: number }
}

function explain(error: unknown, text: string): unknown {
  if (!isParseFault(error)) return error
  const { summary, code, range = { start: 0, end: text.length } } = error
  if (code === 'limit_exceeded') {
    return new ExpressionError('the expression is too large', range, 'split it into value steps')
  }
  const message = summary.charAt(0).toLowerCase() + summary.slice(1)
  return new ExpressionError(`this is not CEL: ${message}`, range, hintFor(text, range.start))
}

const isParseFault = (error: unknown): error is ParseFault =>
  error instanceof Error && error.name === 'ParseError' && 'summary' in error && 'code' in error

function hintFor(text: string, start: number): string | null {
  if (text.startsWith('${{')) return 'write the expression alone, without ${{ }}'
  const near = text.slice(Math.max(0, start - 1), start + 2)
  if (near.includes('=') && !near.includes('==')) return 'compare with =='
  if (near.includes('&')) return 'write && for "and"'
  if (near.includes('|')) return 'write || for "or"'
  return near.includes('`') ? 'quote text with " or \'' : null
}
