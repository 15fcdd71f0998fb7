// Workflows written in YAML: what is stored is the text, and how it is to be read.
//
//   file or draft ─▶ text, normalised ─▶ first line says the form ─▶ version is its hash
//
// L1. The same text is the same version on every machine, whatever its line ends.
// L2. A version is read by the rules it was written for; another reading is another version (J4).

import { connectors } from '@bookend/connectors'
import { WorkflowError } from '@bookend/core'
import type { Calendars, ParsedWorkflow, ParseOptions } from '@bookend/core/yaml'
import { parseYamlWorkflow, YAML_FORM } from '@bookend/core/yaml'
import { open } from 'node:fs/promises'
import { systemClock } from '../system-clock.ts'
import { versionOf } from './bundle.ts'
import { fileNameOf, type WorkflowFile, type WorkflowKind } from './find-files.ts'

export interface ReadYaml {
  readonly parsed: ParsedWorkflow
  /** What is stored. */
  readonly code: string
  readonly version: string
}

/** Larger files are refused by what was read of them. */
const READ_BYTES_MAX = 262_145
const FIRST_LINE = `# bookend yaml ${YAML_FORM}\n`
const STORED = /^# bookend yaml (\d+)\n/

const now = (): Date => systemClock.now()

/** What of the configuration a file may mention. */
export type Mentionable = Pick<ParseOptions, 'connections' | 'calendars'>

export async function readYamlFile(
  { path, file }: WorkflowFile,
  mentionable: Mentionable,
): Promise<ReadYaml> {
  return readYaml(await readStart(path), { file, ...mentionable })
}

/** A text that is in no file: `name` is what its workflow must be called. */
export const readYamlDraft = (name: string, text: string, mentionable: Mentionable): ReadYaml =>
  readYaml(text, { file: null, name, ...mentionable })

function readYaml(given: string, options: Omit<ParseOptions, 'catalog' | 'now'>): ReadYaml {
  const text = normalise(given)
  const code = FIRST_LINE + text
  const parsed = parseYamlWorkflow(text, { catalog: connectors, ...options, now })
  return { parsed, code, version: versionOf(code) }
}

/**
 * The workflow of a stored version. Today's configuration need not have what it mentions: a calendar
 * that is gone is a fault of the run.
 *
 * @throws {WorkflowError} It was written for another form of the language.
 */
export function readStoredYaml(
  name: string,
  kind: WorkflowKind,
  code: string,
  calendars: Calendars,
) {
  const [first = '', form] = STORED.exec(code) ?? []
  if (form !== String(YAML_FORM)) {
    throw new WorkflowError(
      `The stored workflow "${name}" is in form ${form ?? 'unknown'}, and this server reads ${YAML_FORM}`,
    )
  }
  const parsed = parseYamlWorkflow(code.slice(first.length), {
    file: fileNameOf(name, kind, 'yaml'),
    catalog: connectors,
    connections: null,
    calendars: { ...calendars, names: null },
    now,
  })
  if (parsed.ok) return parsed
  const [problem] = parsed.problems
  throw new WorkflowError(
    `The stored workflow "${name}" cannot be read any more: ${problem?.message ?? 'it is empty'}`,
  )
}

/** The text that an author wrote, of what is stored. */
export const sourceOf = (code: string): string => code.replace(STORED, '')

const normalise = (text: string): string => text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')

async function readStart(path: string): Promise<string> {
  await using file = await open(path)
  const buffer = Buffer.alloc(READ_BYTES_MAX)
  let length = 0
  while (length < READ_BYTES_MAX) {
    const { bytesRead } = await file.read(buffer, length, READ_BYTES_MAX - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.toString('utf8', 0, length)
}
