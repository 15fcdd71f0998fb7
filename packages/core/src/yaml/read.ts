// Reads fields of known shapes, and says what is wrong with those that have another.

import { suggestName } from '../expression/nearest.ts'
import { parseDuration } from '../kernel/duration.ts'
import { WorkflowError } from '../kernel/error.ts'
import type { FileEntry, FileMap, FileNode, FileScalar } from './file-node.ts'
import type { Problems } from './problem.ts'

export type Fields = ReadonlyMap<string, FileEntry>

/** The entries of a map; unknown ones are reported, with the name that was likely meant. */
export function readFields(
  node: FileNode | undefined,
  known: readonly string[],
  problems: Problems,
): Fields {
  const map = readMap(node, problems)
  if (map === null) return new Map()
  for (const { name, keyAt, value } of map.entries.values()) {
    if (known.includes(name)) continue
    problems.add(keyAt, value.path, `there is no field "${name}"`, suggestName(name, known))
  }
  return map.entries
}

export function readMap(node: FileNode | undefined, problems: Problems): FileMap | null {
  if (node === undefined || isNothing(node)) return null
  if (node.kind === 'map') return node
  problems.add(node.at, node.path, 'this must be a map of names', 'write name: value')
  return null
}

export const isNothing = (node: FileNode): boolean => node.kind === 'scalar' && node.value === null

/** A text; null, and a problem, for anything else that is there. */
export function readText(entry: FileEntry | undefined, problems: Problems): string | null {
  return readScalar(entry, problems)?.text ?? null
}

export function readScalar(
  entry: FileEntry | undefined,
  problems: Problems,
): { readonly node: FileScalar; readonly text: string } | null {
  if (entry === undefined) return null
  const { value } = entry
  if (value.kind === 'scalar' && typeof value.value === 'string' && value.value !== '') {
    return { node: value, text: value.value }
  }
  problems.add(isNothing(value) ? entry.keyAt : value.at, value.path, 'this must be text')
  return null
}

export function readNumber(entry: FileEntry | undefined, problems: Problems): number | null {
  if (entry === undefined) return null
  const { value } = entry
  if (value.kind === 'scalar' && typeof value.value === 'number') return value.value
  problems.add(value.at, value.path, 'this must be a number')
  return null
}

/** The text of a duration that parses. */
export function readDuration(entry: FileEntry | undefined, problems: Problems): string | null {
  if (entry === undefined) return null
  const { value } = entry
  const text = value.kind === 'scalar' ? String(value.value) : ''
  try {
    parseDuration(text)
    return text
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    problems.add(
      value.at,
      value.path,
      `"${text}" is not a duration`,
      'write 250ms, 2s, 10m, 4h or 7d',
    )
    return null
  }
}

export function readChoice<const T extends string>(
  entry: FileEntry | undefined,
  choices: readonly T[],
  problems: Problems,
): T | null {
  const text = readText(entry, problems)
  if (text === null || entry === undefined) return null
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  problems.add(
    entry.value.at,
    entry.value.path,
    `"${text}" is not known here`,
    suggestName(text, choices),
  )
  return null
}
