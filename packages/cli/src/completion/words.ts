// What may follow each command, for a shell: its commands and its options.

import type { ArgsDef } from 'citty'
import { isGroup, type Command, type CommandGroup } from '../command.ts'
import type { ListedCommand } from '../list-commands.ts'

export interface Word {
  readonly word: string
  readonly description: string
  /** Whether a value comes behind it. */
  readonly isValued: boolean
}

export interface Place {
  /** Such as `runs retry`; empty for `bookend` itself. */
  readonly path: string
  readonly words: readonly Word[]
}

export const findPlaces = (listed: readonly ListedCommand[]): Place[] =>
  listed.map(({ path, target }) => ({ path, words: wordsOf(target) }))

function wordsOf(target: Command | CommandGroup): Word[] {
  const help = { word: '--help', description: 'Explain it', isValued: false }
  if (!isGroup(target)) return [...optionsOf(target.args), help]
  const commands = Object.entries(target.commands).map(([word, { description }]) => {
    return { word, description, isValued: false }
  })
  return [...commands, ...optionsOf(target.otherwise?.args ?? {}), help]
}

const optionsOf = (args: ArgsDef): Word[] =>
  Object.entries(args)
    .filter(([, { type }]) => type !== 'positional')
    .flatMap(([name, arg]) => {
      const description = 'description' in arg ? (arg.description ?? '') : ''
      const isValued = arg.type !== 'boolean'
      const isOn = arg.type === 'boolean' && arg.default === true
      return [{ word: isOn ? `--no-${name}` : `--${name}`, description, isValued }]
    })
