// The types of expressions: those of JSON, and of time. There is one kind of number, as in JSON;
// `isWhole` says that it can only be a whole one, so that dividing two of them stays whole (CEL `int`).

export type ValueType =
  | { readonly kind: 'any' | 'null' | 'bool' | 'string' | 'timestamp' | 'duration' }
  | { readonly kind: 'number'; readonly isWhole: boolean }
  | { readonly kind: 'list'; readonly item: ValueType }
  | {
      readonly kind: 'map'
      readonly fields: Readonly<Record<string, ValueType>>
      /** The type of fields that are not listed; null: there are no others. */
      readonly rest: ValueType | null
    }

export type Kind = ValueType['kind']

export const ANY: ValueType = { kind: 'any' }
export const NULL: ValueType = { kind: 'null' }
export const BOOL: ValueType = { kind: 'bool' }
export const STRING: ValueType = { kind: 'string' }
export const NUMBER: ValueType = { kind: 'number', isWhole: false }
export const WHOLE: ValueType = { kind: 'number', isWhole: true }
export const TIMESTAMP: ValueType = { kind: 'timestamp' }
export const DURATION: ValueType = { kind: 'duration' }
export const listOf = (item: ValueType): ValueType => ({ kind: 'list', item })
export const mapOf = (
  fields: Readonly<Record<string, ValueType>>,
  rest: ValueType | null = null,
): ValueType => ({ kind: 'map', fields, rest })

const WORDS: Readonly<Record<Kind, string>> = {
  any: 'anything',
  null: 'null',
  bool: 'true or false',
  string: 'text',
  number: 'a number',
  timestamp: 'a point in time',
  duration: 'a length of time',
  list: 'a list',
  map: 'a map',
}

export const describeType = ({ kind }: ValueType): string => WORDS[kind]

/** The type of what is either; null when a value cannot be told to be one of the two (`any` is). */
export function joinTypes(a: ValueType, b: ValueType): ValueType | null {
  if (a === b || b.kind === 'null') return a
  if (a.kind === 'null') return b
  if (a.kind === 'any' || b.kind === 'any') return ANY
  if (a.kind === 'number' && b.kind === 'number') return a.isWhole && b.isWhole ? WHOLE : NUMBER
  if (a.kind === 'list' && b.kind === 'list') return listOf(joinTypes(a.item, b.item) ?? ANY)
  if (a.kind === 'map' && b.kind === 'map') return joinMaps(a, b)
  return a.kind === b.kind ? a : null
}

type MapType = Extract<ValueType, { kind: 'map' }>

function joinMaps(a: MapType, b: MapType): ValueType {
  const names = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])
  const fields = [...names].map((name): [string, ValueType] => {
    const [one, other] = [fieldOf(a, name), fieldOf(b, name)]
    return [
      name,
      one === null || other === null ? (one ?? other ?? ANY) : (joinTypes(one, other) ?? ANY),
    ]
  })
  const rest =
    a.rest === null ? b.rest : b.rest === null ? a.rest : (joinTypes(a.rest, b.rest) ?? ANY)
  return mapOf(Object.fromEntries(fields), rest)
}

/** The type of one field; null when the map has no such field. */
export function fieldOf({ fields, rest }: MapType, name: string): ValueType | null {
  return (Object.hasOwn(fields, name) ? fields[name] : undefined) ?? rest
}

/** A length of time as a value of an expression. */
export class Span {
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }
}

/** The kind of a value at run time; null for what no expression can hold. */
export function kindOf(value: unknown): Exclude<Kind, 'any'> | null {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return 'number'
    case 'boolean':
      return 'bool'
    case 'undefined':
      return 'null'
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return 'list'
      if (value instanceof Date) return 'timestamp'
      return value instanceof Span ? 'duration' : 'map'
    case 'bigint':
    case 'symbol':
    case 'function':
      return null
  }
}
