// Changes single values of a YAML text and leaves every other character as it is: comments, order,
// spacing and quotes are the author's.
//
//   text ─▶ nodes with their ranges ─▶ one stretch replaced ─▶ read again and compared
//
// Y1. Read as data, the new text is the old one with that one value changed, or the edit is made on
//     the document as a whole, which keeps comments but not spacing.
// Y2. A text that is no YAML is not edited.

import type { Json } from '@bookend/contract'
import { isCollection, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { renderInline } from './render-inline.ts'

export type Path = readonly string[]

/** @param value Undefined takes the entry away. @returns Null for a text that is no YAML. */
export function setValue(text: string, path: Path, value: Json | undefined): string | null {
  const document = parseDocument(text)
  if (document.errors.length > 0) return null
  const wanted = JSON.stringify(change(document.toJS(), path, value))
  const edited = edit(text, path, value)
  if (edited !== null && readsAs(edited, wanted)) return edited
  const [last, ...before] = path.toReversed()
  let rest = value
  let at = before.toReversed()
  if (value === undefined) document.deleteIn(path)
  else if (last !== undefined) {
    rest = { [last]: value }
    while (at.length > 0 && !isMap(document.getIn(at, true))) {
      rest = { [at.at(-1) ?? '']: rest }
      at = at.slice(0, -1)
    }
    const [[name, inner] = []] = Object.entries(rest)
    document.setIn([...at, name], document.createNode(inner, { flow: true }))
  }
  return document.toString({ lineWidth: 0 })
}

/** Gives an entry of the map at `path` another name, at its place. */
export function renameKey(text: string, path: Path, to: string): string | null {
  const found = find(text, path)
  const range = isScalar(found?.pair?.key) ? found.pair.key.range : null
  if (range === null || range === undefined) return null
  return splice(text, range[0], range[1], renderInline(to, true))
}

function readsAs(text: string, wanted: string): boolean {
  const document = parseDocument(text)
  return document.errors.length === 0 && JSON.stringify(document.toJS()) === wanted
}

/** What the text as data is to be; a map that loses its last entry goes as well, but a step stays. */
function change(data: unknown, [name, ...rest]: Path, value: Json | undefined, depth = 1): unknown {
  if (name === undefined) return value
  const map = isRecord(data) ? data : {}
  if (value === undefined && !Object.hasOwn(map, name)) return data
  const inner = change(map[name], rest, value, depth + 1)
  const isGone =
    inner === undefined || (value === undefined && isEmpty(inner) && depth >= STEP_DEPTH)
  if (!isGone) return { ...map, [name]: inner }
  const { [name]: _, ...others } = map
  return others
}

/** `steps`, then a step's name, then its fields. */
const STEP_DEPTH = 3

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isEmpty = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0

interface Found {
  /** The map that the last name of the path is looked up in; null: there is none. */
  readonly map: YAMLMap | null
  readonly pair: Pair | null
  /** Something around it is written in brackets, so that it is written on one line as well. */
  readonly isInFlow: boolean
}

function find(text: string, path: Path): Found | null {
  const document = parseDocument(text)
  if (document.errors.length > 0) return null
  let node: unknown = document.contents
  let isInFlow = false
  for (const [at, name] of path.entries()) {
    if (!isMap(node)) return { map: null, pair: null, isInFlow }
    isInFlow ||= node.flow === true
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === name) ?? null
    if (pair === null && at < path.length - 1) return { map: null, pair: null, isInFlow }
    if (at === path.length - 1) return { map: node, pair, isInFlow }
    node = pair?.value
  }
  return null
}

function edit(text: string, path: Path, value: Json | undefined): string | null {
  const found = find(text, path)
  const name = path.at(-1)
  if (found === null || name === undefined) return null
  const { map, pair, isInFlow } = found
  if (value === undefined) return pair === null ? text : remove(text, path, found)
  if (pair !== null) return replace(text, pair, renderInline(value, isInFlow))
  if (map === null || map.items.length === 0) {
    return path.length === 1 ? null : edit(text, path.slice(0, -1), { [name]: value })
  }
  return insert(text, map, `${renderInline(name, true)}: ${renderInline(value, isInFlow)}`)
}

function replace(text: string, { key, value }: Pair, rendered: string): string | null {
  const keyEnd = endOf(key)
  if (keyEnd === null) return null
  const colon = text.indexOf(':', keyEnd)
  const range = isRanged(value) ? value.range : null
  const isLaterLine = range !== null && text.slice(colon, range[0]).includes('\n')
  if (range === null || range[0] === range[1] || (isCollection(value) && isLaterLine)) {
    const end = range === null || range[0] === range[1] ? colon + 1 : range[1]
    return splice(text, colon + 1, lastOf(text, end), ` ${rendered}`)
  }
  return splice(text, range[0], lastOf(text, range[1]), rendered)
}

/** Without the line's end that some values have as a part of them. */
const lastOf = (text: string, end: number): number => {
  let last = end
  while (last > 0 && text[last - 1] === '\n') last -= 1
  return last
}

function insert(text: string, map: YAMLMap, entry: string): string | null {
  const last = map.items.at(-1)
  const end = endOf(last?.value) ?? endOf(last?.key)
  const first = map.items[0]
  const start = isRanged(first?.key) ? first.key.range[0] : null
  if (end === null || start === null) return null
  if (map.flow === true) return splice(text, end, end, `, ${entry}`)
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const indent = ' '.repeat(start - lineStart)
  const lineEnd = text.indexOf('\n', Math.max(lastOf(text, end) - 1, 0))
  const at = lineEnd === -1 ? text.length : lineEnd
  return splice(text, at, at, `\n${indent}${entry}`)
}

function remove(text: string, path: Path, { map, pair }: Found): string | null {
  if (map === null || pair === null) return null
  if (map.items.length === 1) {
    return edit(text, path.slice(0, -1), path.length > STEP_DEPTH ? undefined : {})
  }
  const start = isRanged(pair.key) ? pair.key.range[0] : null
  const end = endOf(pair.value) ?? endOf(pair.key)
  if (start === null || end === null) return null
  const at = map.items.indexOf(pair)
  if (map.flow === true) {
    const next = map.items[at + 1]
    const before = map.items[at - 1]
    if (isRanged(next?.key)) return splice(text, start, next.key.range[0], '')
    const left = endOf(before?.value) ?? endOf(before?.key)
    return left === null ? null : splice(text, left, end, '')
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  if (text.slice(lineStart, start).trim() !== '') return null
  const lineEnd = text.indexOf('\n', Math.max(lastOf(text, end) - 1, start))
  return splice(text, lineStart, lineEnd === -1 ? text.length : lineEnd + 1, '')
}

const splice = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to)

const isRanged = (node: unknown): node is { range: [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)

const endOf = (node: unknown): number | null => (isRanged(node) ? node.range[1] : null)
