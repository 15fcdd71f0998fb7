// The functions of the language; there are no others (threats D1).
//
// A function has one entry for each shape of arguments. `on` is the kind it is called on, as in
// `name.trim()`; null for `size(name)`. What takes more than a moment charges the meter.

import { parseDuration } from '../kernel/duration.ts'
import { EvaluationError } from './expression-error.ts'
import { type Meter, spend, spendText } from './meter.ts'
import type { Kind, ValueType } from './value-type.ts'
import { BOOL, DURATION, listOf, NUMBER, Span, STRING, TIMESTAMP, WHOLE } from './value-type.ts'
import { type ClockPart, readClock } from './wall-clock.ts'

export interface FunctionEntry {
  readonly name: string
  readonly on: Kind | null
  readonly takes: readonly Kind[]
  readonly gives: ValueType
  run(values: readonly never[], meter: Meter): unknown
}

const plain = (
  name: string,
  takes: readonly Kind[],
  gives: ValueType,
  run: FunctionEntry['run'],
): FunctionEntry => ({ name, on: null, takes, gives, run })

const method = (
  on: Kind,
  name: string,
  takes: readonly Kind[],
  gives: ValueType,
  run: FunctionEntry['run'],
): FunctionEntry => ({ name, on, takes, gives, run })

const sizes = (['string', 'list', 'map'] as const).flatMap((kind) => {
  const run: FunctionEntry['run'] = ([value]: readonly never[], meter) => sizeOf(value, meter)
  return [plain('size', [kind], WHOLE, run), method(kind, 'size', [], WHOLE, run)]
})

const conversions = [
  plain('int', ['number'], WHOLE, ([value]: readonly number[]) => toWhole(value ?? Number.NaN)),
  plain('int', ['string'], WHOLE, ([text]: readonly string[]) =>
    toWhole(readNumber(text, /^[+-]?\d{1,16}$/)),
  ),
  plain('double', ['number'], NUMBER, ([value]) => value),
  plain('double', ['string'], NUMBER, ([text]: readonly string[]) =>
    readNumber(text, /^[+-]?\d{1,16}(\.\d{1,16})?$/),
  ),
  plain('string', ['string'], STRING, ([value]) => value),
  plain('string', ['number'], STRING, ([value]) => String(value)),
  plain('string', ['bool'], STRING, ([value]) => String(value)),
  plain('string', ['timestamp'], STRING, ([date]: readonly Date[]) => date?.toISOString()),
  plain('bool', ['bool'], BOOL, ([value]) => value),
  plain('bool', ['string'], BOOL, ([text]: readonly string[]) => {
    if (text === 'true' || text === 'false') return text === 'true'
    throw new EvaluationError('bool() reads "true" and "false"')
  }),
  plain('timestamp', ['string'], TIMESTAMP, ([text]: readonly string[]) => readInstant(text ?? '')),
  plain(
    'duration',
    ['string'],
    DURATION,
    ([text]: readonly string[]) => new Span(readSpan(text ?? '')),
  ),
]

type Texts = readonly string[]

const texts = [
  method('string', 'contains', ['string'], BOOL, ([text = '', part = '']: Texts, meter) => {
    spendText(meter, text.length)
    return text.includes(part)
  }),
  method('string', 'startsWith', ['string'], BOOL, ([text = '', part = '']: Texts) =>
    text.startsWith(part),
  ),
  method('string', 'endsWith', ['string'], BOOL, ([text = '', part = '']: Texts) =>
    text.endsWith(part),
  ),
  method('string', 'lowerAscii', [], STRING, ([text = '']: Texts, meter) => {
    spendText(meter, text.length)
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  }),
  method('string', 'upperAscii', [], STRING, ([text = '']: Texts, meter) => {
    spendText(meter, text.length)
    return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
  }),
  method('string', 'trim', [], STRING, ([text = '']: Texts) => text.trim()),
  method('string', 'indexOf', ['string'], WHOLE, ([text = '', part = '']: Texts, meter) => {
    spendText(meter, text.length)
    return text.indexOf(part)
  }),
  method('string', 'substring', ['number'], STRING, ([text, start]: readonly unknown[]) =>
    cut(text as string, start as number, (text as string).length),
  ),
  method(
    'string',
    'substring',
    ['number', 'number'],
    STRING,
    ([text, start, end]: readonly unknown[]) => cut(text as string, start as number, end as number),
  ),
  method('string', 'split', ['string'], listOf(STRING), ([text = '', by = '']: Texts, meter) => {
    spend(meter, 1 + text.length)
    return text.split(by)
  }),
  method('list', 'join', [], STRING, ([list]: readonly unknown[], meter) =>
    joinTexts(list, '', meter),
  ),
  method('list', 'join', ['string'], STRING, ([list, by]: readonly unknown[], meter) =>
    joinTexts(list, by as string, meter),
  ),
]

const PARTS = {
  getFullYear: 'year',
  getMonth: 'month',
  getDate: 'day',
  getDayOfMonth: 'dayFromZero',
  getDayOfWeek: 'weekday',
  getHours: 'hour',
  getMinutes: 'minute',
  getSeconds: 'second',
} as const satisfies Record<string, ClockPart>

const times = Object.entries(PARTS).flatMap(([name, part]) => [
  method('timestamp', name, [], WHOLE, ([date]: readonly Date[], meter) =>
    readClock(date ?? new Date(0), part, 'UTC', meter),
  ),
  method('timestamp', name, ['string'], WHOLE, ([date, zone]: readonly unknown[], meter) =>
    readClock(date as Date, part, zone as string, meter),
  ),
])

const spans = [
  method('duration', 'getSeconds', [], WHOLE, ([span]: readonly Span[]) =>
    Math.trunc((span?.ms ?? 0) / 1_000),
  ),
  method('duration', 'getMinutes', [], WHOLE, ([span]: readonly Span[]) =>
    Math.trunc((span?.ms ?? 0) / 60_000),
  ),
  method('duration', 'getHours', [], WHOLE, ([span]: readonly Span[]) =>
    Math.trunc((span?.ms ?? 0) / 3_600_000),
  ),
]

export const functions: readonly FunctionEntry[] = [
  ...sizes,
  ...conversions,
  ...texts,
  ...times,
  ...spans,
]

function sizeOf(value: unknown, meter: Meter): number {
  if (Array.isArray(value)) return value.length
  if (typeof value === 'string') {
    spendText(meter, value.length)
    let size = 0
    for (const _ of value) size += 1
    return size
  }
  return Object.keys(value as object).length
}

function readNumber(text: string | undefined, shape: RegExp): number {
  if (text !== undefined && shape.test(text)) return Number(text)
  throw new EvaluationError('the text is not a number')
}

function toWhole(value: number): number {
  const whole = Math.trunc(value)
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole
  throw new EvaluationError('int() cannot hold the number exactly')
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

function readInstant(text: string): Date {
  const date = new Date(INSTANT.test(text) ? text : Number.NaN)
  if (!Number.isNaN(date.getTime())) return date
  throw new EvaluationError('timestamp() reads texts such as 2026-11-26T12:00:00Z')
}

function readSpan(text: string): number {
  try {
    return parseDuration(text)
  } catch {
    throw new EvaluationError('duration() reads texts such as 250ms, 2s, 10m, 4h or 7d')
  }
}

function cut(text: string, start: number, end: number): string {
  const isInside = start >= 0 && start <= end && end <= text.length
  if (isInside && Number.isInteger(start) && Number.isInteger(end)) return text.slice(start, end)
  throw new EvaluationError('substring() reaches beyond the text')
}

function joinTexts(list: unknown, by: string, meter: Meter): string {
  const items = list as readonly unknown[]
  let length = 0
  for (const item of items) {
    if (typeof item !== 'string') throw new EvaluationError('join() joins texts only')
    length += item.length + by.length
  }
  spend(meter, items.length)
  spendText(meter, length)
  return items.join(by)
}
