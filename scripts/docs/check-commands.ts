// Do the commands that the documentation tells readers to type exist, with their options?
//
//   `bookend runs retry --workflow x` ─▶ the longest command there is ─▶ options it does not know

import { listCommands, root as tree, type ListedCommand } from '@bookend/cli'
import type { Sample } from './samples.ts'

export interface Typed {
  readonly place: string
  /** Behind `bookend`. */
  readonly words: readonly string[]
}

/** The commands of `sh` blocks, one line each, continued lines joined. */
export function commandsOfBlock({ page, line, code }: Sample): readonly Typed[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((text) => findCommands(text, `${page}:${line}`))
}

/** Those that stand as `bookend …` in the text of a page. */
export function commandsOfText(page: string, text: string): readonly Typed[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/`((?:npx )?bookend [^`]+)`/g)].flatMap(([, typed = '']) =>
        findCommands(typed, `${page}:${index + 1}`),
      ),
    )
}

function findCommands(line: string, place: string): readonly Typed[] {
  const said = line.replace(/(^|\s)#.*$/, '')
  return said
    .split(/\s(?:\||&&|\|\|)\s|;\s/)
    .map((part) => part.trim().replace(/^\$ /, ''))
    .map((part) => /^(?:\w+=\S*\s+)*(?:npx )?bookend\s+(.+)$/.exec(part)?.[1])
    .filter((rest) => rest !== undefined)
    .map((rest) => ({ place, words: rest.split(/\s+/) }))
}

/** @returns A line for each that is wrong. */
export async function checkCommands(typed: readonly Typed[]): Promise<readonly string[]> {
  const listed = new Map((await listCommands(tree)).map((command) => [command.path, command]))
  return typed.flatMap(({ place, words }) => {
    const found = longest(words, listed)
    const fault = found === undefined ? 'there is no such command' : faultOf(words, found)
    return fault === null ? [] : [`${place}: bookend ${words.join(' ')}: ${fault}`]
  })
}

function longest(
  words: readonly string[],
  listed: ReadonlyMap<string, ListedCommand>,
): ListedCommand | undefined {
  for (let count = words.length; count > 0; count--) {
    const command = listed.get(words.slice(0, count).join(' '))
    if (command !== undefined) return command
  }
  return undefined
}

function faultOf(words: readonly string[], { path, target }: ListedCommand): string | null {
  const isGroup = 'commands' in target
  const command = isGroup ? target.otherwise : target
  const rest = words.slice(path.split(' ').length)
  const [next] = rest
  if (isGroup && next !== undefined && /^[a-z]/.test(next)) {
    return `there is no command "${path} ${next}"`
  }
  if (command === undefined || command.passesWords === true) return null
  const known = new Set(
    Object.entries(command.args).flatMap(([name, arg]) => [
      name,
      ...(arg.type === 'boolean' ? [`no-${name}`] : []),
      ...('alias' in arg && typeof arg.alias === 'string' ? [arg.alias] : []),
    ]),
  )
  const unknown = rest.flatMap((word) => {
    const name = /^\[?--?([A-Za-z][\w-]*)/.exec(word)?.[1]
    return name === undefined || known.has(name) || name === 'help' ? [] : [word]
  })
  return unknown.length === 0 ? null : `there is no option ${unknown.join(', ')}`
}
