// A file as a tree whose every part knows its place: for messages, not for speed.

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { collectProblems, type Problems } from './problem.ts'
import { scanText } from './scan.ts'

interface Placed {
  /** Offset in the file. */
  readonly at: number
  readonly path: string
}

export interface FileScalar extends Placed {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** The value as the file writes it. */
  readonly source: string
}

interface FileList extends Placed {
  readonly kind: 'list'
  readonly items: readonly FileNode[]
}

export interface FileMap extends Placed {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, FileEntry>
}

export interface FileEntry {
  readonly name: string
  readonly keyAt: number
  readonly value: FileNode
}

export type FileNode = FileScalar | FileList | FileMap

export interface ParsedFile {
  readonly problems: Problems
  /** Line and column of an offset, counted from 1. */
  readonly lines: (offset: number) => { line: number; col: number }
  /** Null: there is nothing to go on with, and a problem says why. */
  readonly root: FileNode | null
}

/** Plain YAML 1.2: no tags, no anchors, no key twice, one document. */
export function parseFile(text: string): ParsedFile {
  const lines = new LineCounter()
  const place = (offset: number) => placeOf(lines, text, offset)
  const problems = collectProblems(place)
  const fault = scanText(text)
  if (fault !== null) {
    countLines(lines, text)
    problems.add(fault.at, '', fault.message)
    return { problems, lines: place, root: null }
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    version: '1.2',
    strict: true,
    // Compared pairwise by the parser, and in one pass here.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  for (const { pos, message, code } of document.errors) {
    problems.add(pos[0], '', `this is not YAML: ${lowerFirst(message)}`, HINTS[code] ?? null)
  }
  if (document.errors.length > 0) return { problems, lines: place, root: null }
  if (document.contents === null) {
    problems.add(0, '', 'the file is empty', 'begin with "workflow: <name>"')
    return { problems, lines: place, root: null }
  }
  const conversion: Conversion = { text, problems, isForeign: false }
  const root = convert(document.contents, '', conversion)
  return { problems, lines: place, root: conversion.isForeign ? null : root }
}

const HINTS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'put a text that holds ": " in quotes',
  UNEXPECTED_TOKEN: 'inside { } and [ ], put an expression in quotes: "${{ … }}"',
  BAD_SCALAR_START: 'put the text in quotes',
  TAB_AS_INDENT: 'indent with spaces',
  MISSING_CHAR: 'a text that begins with "!" or a quote needs quotes around all of it',
  MULTIPLE_DOCS: 'a file holds one workflow',
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

function placeOf(lines: LineCounter, text: string, offset: number) {
  const { line, col } = lines.linePos(Math.min(offset, text.length))
  return { line: Math.max(1, line), col: Math.max(1, col) }
}

function countLines(lines: LineCounter, text: string): void {
  lines.addNewLine(0)
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines.addNewLine(at + 1)
  }
}

interface Conversion {
  readonly text: string
  readonly problems: Problems
  /** Something was left out that no later message could make sense of. */
  isForeign: boolean
}

function convert(node: Node | null, path: string, conversion: Conversion): FileNode {
  const { text, problems } = conversion
  const [start, end] = node?.range ?? [0, 0]
  const nothing: FileScalar = { kind: 'scalar', at: start, path, value: null, source: '' }
  if (node === null) return nothing
  if (isAlias(node) || node.anchor !== undefined) {
    conversion.isForeign = true
    problems.add(start, path, 'anchors and aliases (& and *) are not supported', 'write it out')
    return nothing
  }
  if (node.tag !== undefined && !isPlainTag(node.tag, node)) {
    conversion.isForeign = true
    const hint = isScalar(node) ? 'put a text that begins with "!" in quotes' : null
    problems.add(start, path, 'tags (!) are not supported', hint)
    return nothing
  }
  if (isMap(node)) return convertMap(node, start, path, conversion)
  if (isSeq(node)) {
    const items = node.items.map((item, index) =>
      convert(item as Node | null, `${path}[${index}]`, conversion),
    )
    return { kind: 'list', at: start, path, items }
  }
  if (!isScalar(node)) return nothing
  const { value } = node
  const isData = typeof value === 'string' || typeof value === 'boolean' || value === null
  if (!isData && !(typeof value === 'number' && Number.isFinite(value))) {
    problems.add(start, path, 'this is no text, number, true, false or null')
    return nothing
  }
  return { kind: 'scalar', at: start, path, value, source: text.slice(start, end) }
}

/** The parser gives a collection or a text in quotes the tag it would have anyway. */
function isPlainTag(tag: string, node: Node): boolean {
  if (isMap(node)) return tag === 'tag:yaml.org,2002:map'
  if (isSeq(node)) return tag === 'tag:yaml.org,2002:seq'
  return false
}

function convertMap(node: YAMLMap, at: number, path: string, conversion: Conversion): FileMap {
  const { problems } = conversion
  const entries = new Map<string, FileEntry>()
  for (const { key, value } of node.items) {
    const keyNode = key as Node | null
    const keyAt = keyNode?.range?.[0] ?? at
    const name = isScalar(keyNode) ? keyNode.value : null
    if (typeof name !== 'string' && typeof name !== 'number') {
      problems.add(keyAt, path, 'a key is a word', 'put it in quotes')
      continue
    }
    const own = path === '' ? String(name) : `${path}.${name}`
    const first = entries.get(String(name))
    if (first !== undefined) {
      problems.add(keyAt, own, `"${name}" is there twice`)
      continue
    }
    if (name === '__proto__') {
      problems.add(keyAt, own, '"__proto__" cannot be a key')
      continue
    }
    const child = convert(value as Node | null, own, conversion)
    const placed = value === null ? { ...child, at: keyAt } : child
    entries.set(String(name), { name: String(name), keyAt, value: placed })
  }
  return { kind: 'map', at, path, entries }
}

/** Where a part of a text stands in the file, as well as can be told: exactly, on one line. */
export function offsetIn({ at, source, value }: FileScalar, start: number, end: number): number {
  const part = String(value).slice(start, end)
  const before = String(value).slice(0, start)
  if (part === '') return at
  const direct = source.indexOf(before + part)
  if (direct !== -1) return at + direct + before.length
  const found = source.indexOf(part, Math.min(start, source.length))
  return found === -1 ? at : at + found
}

/** The data of a tree without expressions. */
export function dataOf(node: FileNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(dataOf)
    case 'map':
      return Object.fromEntries([...node.entries].map(([name, { value }]) => [name, dataOf(value)]))
  }
}
