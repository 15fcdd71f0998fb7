// What a command is, and how words on the command line become one.
//
//   words ─▶ find command ─▶ known options? ─▶ parsed arguments ─▶ run ─▶ exit code
//
// C1. An option that does not exist is refused, so that a typo is not silently lost.
// C2. Every command explains itself with `--help`, examples included.
// C3. Only the command that was typed is loaded: the list of its group shows the others as they are
//     described there.

import { stripVTControlCharacters } from 'node:util'
import { parseArgs, renderUsage, type ArgsDef, type ParsedArgs } from 'citty'
import { CliError } from './cli-error.ts'
import type { Io } from './terminal/io.ts'

export interface Command<A extends ArgsDef = ArgsDef> {
  readonly description: string
  readonly args: A
  readonly examples: readonly string[]
  /** What is typed behind it is another program's to read. */
  readonly passesWords?: boolean
  /** @returns The exit code; nothing means 0. */
  run(args: ParsedArgs<A>, io: Io, words: readonly string[]): Promise<number | void>
}

/** A command whose module is read when it is typed. */
export interface LazyCommand {
  readonly description: string
  load(): Promise<Command | CommandGroup>
}

export type Entry = Command | CommandGroup | LazyCommand

export interface CommandGroup {
  readonly description: string
  readonly examples: readonly string[]
  readonly commands: Readonly<Record<string, Entry>>
  /** What the group's name alone does; left out, it shows what there is. */
  readonly otherwise?: Command
}

export interface Found {
  readonly target: Command | CommandGroup
  /** What was typed to reach it, `bookend keys create`. */
  readonly path: readonly string[]
  readonly words: readonly string[]
}

/** Checks the arguments' types and lets commands of different arguments share a table. */
export const command = <const A extends ArgsDef>(definition: Command<A>): Command =>
  definition as unknown as Command

export const lazy = (
  description: string,
  load: () => Promise<Command | CommandGroup>,
): LazyCommand => ({ description, load })

export const isGroup = (target: Command | CommandGroup): target is CommandGroup =>
  'commands' in target

export const loadEntry = async (entry: Entry): Promise<Command | CommandGroup> =>
  'load' in entry ? await entry.load() : entry

/** @throws {CliError} A word names no command of the group. */
export async function findCommand(
  root: CommandGroup,
  name: string,
  words: readonly string[],
): Promise<Found> {
  let target: Command | CommandGroup = root
  let rest = words
  const path = [name]
  while (isGroup(target)) {
    const [word] = rest
    if (word === undefined || word.startsWith('-')) {
      const asksHelp = rest.includes('--help') || rest.includes('-h')
      if (target.otherwise !== undefined && !asksHelp) target = target.otherwise
      break
    }
    const next: Entry | undefined = Object.hasOwn(target.commands, word)
      ? target.commands[word]
      : undefined
    if (next === undefined) {
      throw new CliError(`There is no command "${[...path, word].join(' ')}"`, [
        `Commands: ${Object.keys(target.commands).join(', ')}; see ${path.join(' ')} --help`,
      ])
    }
    path.push(word)
    rest = rest.slice(1)
    target = await loadEntry(next)
  }
  return { target, path, words: rest }
}

export async function runFound({ target, path, words }: Found, io: Io): Promise<number> {
  if (isGroup(target) || words.includes('--help') || words.includes('-h')) {
    for (const line of await renderHelp(target, path, io)) io.print(line)
    return isGroup(target) && !words.some((word) => word === '--help' || word === '-h') ? 1 : 0
  }
  const known = target.passesWords === true ? [] : words
  const parsed = parseKnown(target.args, known, path.join(' '))
  return (await target.run(parsed, io, words)) ?? 0
}

function parseKnown(args: ArgsDef, words: readonly string[], typed: string): ParsedArgs {
  const seeHelp = `See ${typed} --help`
  refuseUnknown(args, words, seeHelp)
  let parsed: ParsedArgs
  try {
    parsed = parseArgs([...words], args)
  } catch (error) {
    throw new CliError(stripVTControlCharacters((error as Error).message), [seeHelp])
  }
  const positionals = Object.values(args).filter(({ type }) => type === 'positional').length
  const extra = parsed._[positionals]
  if (extra !== undefined) throw new CliError(`"${extra}" is one word too many`, [seeHelp])
  for (const [name, { type }] of Object.entries(args)) {
    if (type === 'string' && parsed[name] === '') {
      throw new CliError(`--${name} needs a value`, [seeHelp])
    }
  }
  return parsed
}

function refuseUnknown(args: ArgsDef, words: readonly string[], seeHelp: string): void {
  const end = words.indexOf('--')
  for (const word of end === -1 ? words : words.slice(0, end)) {
    const name = /^--?([A-Za-z][\w-]*)/.exec(word)?.[1]
    if (name === undefined) continue
    const isAlias = Object.values(args).some((arg) => 'alias' in arg && arg.alias === name)
    const negated = name.startsWith('no-') ? args[name.slice('no-'.length)] : undefined
    if (Object.hasOwn(args, name) || isAlias || negated?.type === 'boolean') continue
    throw new CliError(`There is no option ${word.split('=')[0]}`, [seeHelp])
  }
}

async function renderHelp(
  target: Command | CommandGroup,
  path: readonly string[],
  { style }: Io,
): Promise<string[]> {
  const meta = { name: path.join(' '), description: target.description }
  const usage = await renderUsage(
    isGroup(target) ? { meta, subCommands: mapDescriptions(target) } : { meta, args: target.args },
  )
  const title = 'EXAMPLES'
  const examples = target.examples.map((example) => `  ${example}`)
  const text = style.bold('x') === 'x' ? stripVTControlCharacters(usage) : usage
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
  return [...lines, '', style.bold(title), '', ...examples]
}

const mapDescriptions = (group: CommandGroup) =>
  Object.fromEntries(
    Object.entries(group.commands).map(([name, { description }]) => [
      name,
      { meta: { description } },
    ]),
  )
