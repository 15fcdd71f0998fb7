// A conversation to play on a made-up call: a file, a name in the examples' folder, or the built-in one.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CallComplete, TranscriptEntryInput, type TranscriptEntry } from '@bookend/contract'
import { CliError } from '../cli-error.ts'

export interface Line {
  readonly role: TranscriptEntry['role']
  readonly text: string
  /** The pause before it is said. */
  readonly afterMs: number
}

export interface Conversation {
  readonly title: string
  readonly lines: readonly Line[]
  readonly complete: CallComplete
}

const PAUSE_MAX_MS = 60_000

const builtIn: Conversation = {
  title: 'A short question',
  lines: [
    { role: 'user', text: 'Hello, I would like to know when you are open tomorrow.', afterMs: 300 },
    { role: 'agent', text: 'We are open from nine to five. Is there anything else?', afterMs: 300 },
    { role: 'user', text: 'No, that is all. Thank you.', afterMs: 300 },
  ],
  complete: CallComplete.parse({ ended_reason: 'caller_hung_up' }),
}

/**
 * @param wanted A path, or the name of a file in `folder`; undefined for the first there is.
 * @throws {CliError} It does not exist or cannot be played; names what is there, or the field at fault.
 */
export function loadConversation(
  wanted: string | undefined,
  folder: string,
  cwd: string,
): Conversation {
  const names = listNames(resolve(cwd, folder))
  if (wanted === undefined) {
    const first = names.find((name) => name === 'default') ?? names[0]
    return first === undefined ? builtIn : readConversation(resolve(cwd, folder, `${first}.json`))
  }
  if (/[/\\]|\.json$/.test(wanted)) return readConversation(resolve(cwd, wanted))
  if (names.includes(wanted)) return readConversation(resolve(cwd, folder, `${wanted}.json`))
  throw new CliError(`There is no conversation "${wanted}" in ${folder}`, [
    names.length === 0
      ? 'The folder holds none; give the path of a file, or leave --conversation out.'
      : `There are: ${names.join(', ')}`,
  ])
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .toSorted()
  } catch {
    return []
  }
}

function readConversation(path: string): Conversation {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CliError(`The conversation ${path} cannot be read: ${(error as Error).message}`)
  }
  return parseConversation(content, path)
}

export function parseConversation(content: unknown, path: string): Conversation {
  const { title, entries, complete = {} } = (content ?? {}) as Record<string, unknown>
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new CliError(`The conversation ${path} has no entries`, [
      'Write it like: {"title": "…", "entries": [{"role": "user", "text": "…", "after_ms": 500}]}',
    ])
  }
  const ending = CallComplete.safeParse(complete)
  if (!ending.success) throw invalid(path, 'complete', ending.error.issues[0])
  return {
    title: typeof title === 'string' ? title : join(path),
    lines: entries.map((entry, index) => parseLine(entry, index, path)),
    complete: ending.data,
  }
}

function parseLine(entry: unknown, index: number, path: string): Line {
  const { role, text, after_ms: afterMs = 0 } = (entry ?? {}) as Record<string, unknown>
  const parsed = TranscriptEntryInput.safeParse({ sequence: index, role, text })
  if (!parsed.success) throw invalid(path, `entries.${index}`, parsed.error.issues[0])
  if (typeof afterMs !== 'number' || !(afterMs >= 0 && afterMs <= PAUSE_MAX_MS)) {
    const message = `must be a number from 0 to ${PAUSE_MAX_MS}`
    throw invalid(path, `entries.${index}`, { path: ['after_ms'], message })
  }
  return { role: parsed.data.role, text: parsed.data.text, afterMs }
}

function invalid(
  path: string,
  at: string,
  issue: { path: readonly PropertyKey[]; message: string } | undefined,
): CliError {
  const field = [at, ...(issue?.path ?? [])].map(String).join('.')
  return new CliError(`The conversation ${path} cannot be played`, [
    `  ${field}: ${issue?.message}`,
  ])
}
