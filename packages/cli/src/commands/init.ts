// A folder to start from.
//
//   templates ─▶ nothing of that name there? ─▶ written ─▶ what to type next
//
// I1. Nothing is overwritten: one file that is there already, and nothing is written.

import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { packageNameOf, readStarter, type StarterFile } from '../init/starter-files.ts'
import { printable } from '../terminal/text.ts'

export const init = command({
  description: 'Make a folder to start from: workflows, tests, fixtures, configuration',
  args: {
    folder: {
      type: 'positional',
      default: '.',
      valueHint: 'folder',
      description: 'Where; it is made when it is not there',
    },
  },
  examples: ['bookend init my-calls', 'npm create bookend my-calls', 'bookend init'],
  // oxlint-disable-next-line typescript/require-await
  async run({ folder }, io) {
    const target = resolve(io.cwd, folder)
    const files = readStarter(packageNameOf(basename(target)))
    refuseTaken(target, files)
    for (const { path, text } of files) write(join(target, path), text)

    const { bold, dim } = io.style
    const where = relative(io.cwd, target)
    io.print(`Made ${files.length} files in ${printable(where === '' ? 'this folder' : where)}`)
    for (const { path } of files) io.print(dim(`  ${path}`))
    io.print('')
    io.print('Next:')
    if (where !== '') io.print(`  ${bold(`cd ${printable(quote(where))}`)}`)
    io.print(`  ${bold('npm install')}`)
    io.print(`  ${bold('npx bookend dev')}     a server, its database and the dashboard`)
    io.print(`  ${bold('npx bookend call')}    in another terminal: a made-up call`)
    io.print(`  ${bold('npm test')}            the tests of the workflows`)
  },
})

function refuseTaken(target: string, files: readonly StarterFile[]): void {
  if (existsSync(target) && !statSync(target).isDirectory()) {
    throw new CliError(`${target} is a file; name a folder`)
  }
  const taken = files.map(({ path }) => path).filter((path) => existsSync(join(target, path)))
  if (taken.length === 0) return
  throw new CliError(`${target} has files of the same names; nothing was written`, [
    taken.join(', '),
    'Name another folder: bookend init my-calls',
  ])
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  // Fails where the file appeared in the meantime (I1).
  writeFileSync(path, text, { flag: 'wx' })
}

const quote = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path}'`)
