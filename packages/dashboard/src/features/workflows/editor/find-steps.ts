// Where the steps of a text are, found while it is being written: by indentation alone, so that a
// text with faults has steps as well. Those of a `steps: { … }` in one line are not found.

import type { LineRange } from '../text/marked-lines.ts'

export interface PlacedStep extends LineRange {
  readonly name: string
  readonly section: 'steps' | 'after'
}

const SECTION = /^(steps|after):\s*(?:#.*)?$/
const KEY = /^( +)(?:"([^"]+)"|'([^']+)'|([A-Za-z][\w-]*))\s*:(?:\s|$)/

export function findSteps(text: string): readonly PlacedStep[] {
  const lines = text.split('\n')
  const steps: PlacedStep[] = []
  let section: PlacedStep['section'] | null = null
  let indent: number | null = null
  for (const [at, line] of lines.entries()) {
    if (/^[^\s#]/.test(line)) {
      section = (SECTION.exec(line)?.[1] as PlacedStep['section'] | undefined) ?? null
      indent = null
      continue
    }
    const [, spaces = '', double, single, plain] = section === null ? [] : (KEY.exec(line) ?? [])
    const name = double ?? single ?? plain
    if (section === null || name === undefined) continue
    indent ??= spaces.length
    if (spaces.length !== indent) continue
    steps.push({ name, section, from: at + 1, to: endOf(lines, at, indent) })
  }
  return steps
}

/** The last line that belongs to the one at `start`: whatever is indented further, without gaps behind. */
function endOf(lines: readonly string[], start: number, indent: number): number {
  let end = start
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line.trim() === '') continue
    if (line.length - line.trimStart().length <= indent) break
    end = at
  }
  return end + 1
}

export const stepAt = (steps: readonly PlacedStep[], line: number): PlacedStep | null =>
  steps.find(({ from, to }) => from <= line && line <= to) ?? null

/** The event that the text says it is for. */
export const findEvent = (text: string): string | null =>
  /^on:\s*['"]?([a-z][\w.-]*)/m.exec(text)?.[1] ?? null
