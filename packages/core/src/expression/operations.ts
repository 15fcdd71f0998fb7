// What operators do to values. Types were checked before where they were known; what came in as
// data is checked here.

import { EvaluationError } from './expression-error.ts'
import { type Meter, spend, spendText } from './meter.ts'
import { kindOf, Span } from './value-type.ts'

export type Arithmetic = '+' | '-' | '*' | '/' | '%'
export type Comparison = '<' | '<=' | '>' | '>='

/** `isWhole` divides as whole numbers do. */
export function calculate(
  op: Arithmetic,
  a: unknown,
  b: unknown,
  isWhole: boolean,
  meter: Meter,
): unknown {
  if (typeof a === 'number' && typeof b === 'number') return calculateNumber(op, a, b, isWhole)
  if (op === '+') return join(a, b, meter)
  if (op === '-') return subtract(a, b)
  throw mismatch(op, a, b)
}

function calculateNumber(op: Arithmetic, a: number, b: number, isWhole: boolean): number {
  const isDivision = op === '/' || op === '%'
  if (isDivision && b === 0) throw new EvaluationError('division by zero')
  const result = rawNumber(op, a, b)
  const whole = op === '/' && isWhole ? Math.trunc(result) : result
  const isExact =
    Number.isFinite(whole) && (!Number.isInteger(whole) || Number.isSafeInteger(whole))
  if (isExact) return whole
  throw new EvaluationError('the number is too large to be exact')
}

function rawNumber(op: Arithmetic, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
  }
}

function join(a: unknown, b: unknown, meter: Meter): unknown {
  if (typeof a === 'string' && typeof b === 'string') {
    spendText(meter, a.length + b.length)
    return a + b
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    spend(meter, a.length + b.length)
    return [...(a as unknown[]), ...(b as unknown[])]
  }
  if (a instanceof Date && b instanceof Span) return moveDate(a, b.ms)
  if (a instanceof Span && b instanceof Date) return moveDate(b, a.ms)
  if (a instanceof Span && b instanceof Span) return new Span(a.ms + b.ms)
  throw mismatch('+', a, b)
}

function subtract(a: unknown, b: unknown): unknown {
  if (a instanceof Date && b instanceof Date) return new Span(a.getTime() - b.getTime())
  if (a instanceof Date && b instanceof Span) return moveDate(a, -b.ms)
  if (a instanceof Span && b instanceof Span) return new Span(a.ms - b.ms)
  throw mismatch('-', a, b)
}

function moveDate(date: Date, ms: number): Date {
  const moved = new Date(date.getTime() + ms)
  if (Number.isNaN(moved.getTime())) throw new EvaluationError('the point in time is out of range')
  return moved
}

export function compare(op: Comparison, a: unknown, b: unknown): boolean {
  const [left, right] = [orderOf(a), orderOf(b)]
  if (left === null || right === null || kindOf(a) !== kindOf(b)) throw mismatch(op, a, b)
  switch (op) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

function orderOf(value: unknown): number | string | null {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (value instanceof Date) return value.getTime()
  return value instanceof Span ? value.ms : null
}

const EQUAL_DEPTH_MAX = 64

/** Equality of data by content; values of different kinds are different. */
export function isEqual(a: unknown, b: unknown, meter: Meter, depth = 0): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  spend(meter, 1)
  if (depth > EQUAL_DEPTH_MAX)
    throw new EvaluationError('the values are nested too deep to compare')
  if (a instanceof Date || a instanceof Span) {
    return kindOf(a) === kindOf(b) && orderOf(a) === orderOf(b)
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => isEqual(item, b[index], meter, depth + 1))
  }
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return keys.every(
    (key) => Object.hasOwn(other, key) && isEqual(one[key], other[key], meter, depth + 1),
  )
}

export function isIn(value: unknown, container: unknown, meter: Meter): boolean {
  if (Array.isArray(container)) {
    spend(meter, 1 + (container.length >> 3))
    return container.some((item) => isEqual(value, item, meter))
  }
  if (kindOf(container) === 'map') {
    return typeof value === 'string' && Object.hasOwn(container as object, value)
  }
  throw new EvaluationError('"in" looks into a list or a map')
}

/** Own properties only (threats D1): what JSON did not bring is not there. */
export function readField(value: unknown, name: string): unknown {
  if (kindOf(value) === 'map' && Object.hasOwn(value as object, name)) {
    return (value as Record<string, unknown>)[name] ?? null
  }
  if (value === null || value === undefined)
    throw new EvaluationError(`"${name}" is read from null`)
  throw new EvaluationError(`there is no field "${name}"`)
}

export function readItem(value: unknown, index: unknown): unknown {
  if (!Array.isArray(value)) {
    if (typeof index === 'string') return readField(value, index)
    throw new EvaluationError('only a list has items by number')
  }
  const isPlace = typeof index === 'number' && Number.isInteger(index)
  if (!isPlace || index < 0 || index >= value.length) {
    throw new EvaluationError('the list has no such item')
  }
  return (value as unknown[])[index] ?? null
}

const mismatch = (op: string, a: unknown, b: unknown): EvaluationError =>
  new EvaluationError(`"${op}" does not work on ${kindOf(a) ?? 'that'} and ${kindOf(b) ?? 'that'}`)
