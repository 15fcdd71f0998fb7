// Text with `${{ … }}` in it. One expression alone keeps its type; else all of it becomes text.
//
// T1. The text is read once, when the file is. What an expression yields is put in and never read
//     again, also when it looks like a template (threats B6, D4).

import { ExpressionError } from './expression-error.ts'
import { compileExpression, type Expression } from './expression.ts'
import type { Frame, Mention, Vocabulary } from './scope.ts'
import { describeType, STRING, type ValueType } from './value-type.ts'

export interface Template {
  readonly type: ValueType
  readonly mentions: readonly Mention[]
  readonly isTimed: boolean
  /** @throws {EvaluationError} */
  evaluate(frame: Frame): unknown
}

const OPEN = '${{'
const CLOSE = '}}'

export const isTemplate = (text: string): boolean => text.includes(OPEN)

/** @throws {ExpressionError} Offsets count in the whole text. */
export function compileTemplate(text: string, vocabulary: Vocabulary): Template {
  const parts = split(text).map((part) =>
    part.kind === 'text' ? part.text : compilePart(part, vocabulary),
  )
  const expressions = parts.filter((part) => typeof part !== 'string')
  const [only] = expressions
  if (only !== undefined && parts.every((part) => part === only || isBlank(part))) return only
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'string' || canJoin(part.type)) continue
    const { start, end } = split(text)[index] ?? { start: 0, end: text.length }
    const message = `${describeType(part.type)} cannot stand inside a text`
    throw new ExpressionError(message, { start, end }, 'use it alone, or make text of it')
  }
  return {
    type: STRING,
    mentions: expressions.flatMap(({ mentions }) => mentions),
    isTimed: expressions.some(({ isTimed }) => isTimed),
    evaluate: (frame) =>
      parts
        .map((part) => (typeof part === 'string' ? part : textOf(part.evaluate(frame))))
        .join(''),
  }
}

const isBlank = (part: unknown): boolean => typeof part === 'string' && part.trim() === ''

const canJoin = ({ kind }: ValueType): boolean => kind !== 'list' && kind !== 'map'

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function compilePart({ text, start }: Part, vocabulary: Vocabulary): Expression {
  try {
    return compileExpression(text, vocabulary)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const at = { start: start + error.start, end: start + error.end }
    throw new ExpressionError(error.message, at, error.hint)
  }
}

interface Part {
  readonly kind: 'text' | 'expression'
  readonly text: string
  /** Where its own text begins and ends. */
  readonly start: number
  readonly end: number
}

function split(text: string): readonly Part[] {
  const parts: Part[] = []
  let place = 0
  while (place < text.length) {
    const open = text.indexOf(OPEN, place)
    const end = open === -1 ? text.length : open
    if (end > place) parts.push({ kind: 'text', text: text.slice(place, end), start: place, end })
    if (open === -1) break
    const start = open + OPEN.length
    const close = findClose(text, start)
    if (close === -1) {
      throw new ExpressionError('"${{" has no "}}"', { start: open, end: text.length })
    }
    parts.push({ kind: 'expression', text: text.slice(start, close), start, end: close })
    place = close + CLOSE.length
  }
  return parts
}

/** Where the expression ends: quoted text and maps may hold braces of their own. */
function findClose(text: string, from: number): number {
  let depth = 0
  for (let place = from; place < text.length; place += 1) {
    const letter = text[place]
    if (letter === '"' || letter === "'") {
      place = findQuoteEnd(text, place)
      if (place === -1) return -1
    } else if (letter === '{') depth += 1
    else if (letter === '}' && depth > 0) depth -= 1
    else if (letter === '}' && text[place + 1] === '}') return place
  }
  return -1
}

function findQuoteEnd(text: string, from: number): number {
  const isRaw = /[rR]$/.test(text.slice(Math.max(0, from - 1), from))
  for (let place = from + 1; place < text.length; place += 1) {
    if (text[place] === '\\' && !isRaw) place += 1
    else if (text[place] === text[from]) return place
  }
  return -1
}
