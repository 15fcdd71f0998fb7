// Reads all workflows as a start would, and says what is wrong, odd or slow.

import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { readEnv } from '../read-env.ts'
import { printable } from '../terminal/text.ts'
import { findRepeated } from './find-repeated.ts'

export const check = command({
  description: 'Check all workflows of a folder; the exit code is 1 when a start would be refused',
  args: {
    folder: {
      type: 'positional',
      required: false,
      valueHint: 'folder',
      description: 'The workflows (BOOKEND_WORKFLOWS, else ./workflows)',
    },
    stored: {
      type: 'string',
      valueHint: 'http/desk',
      description: 'A connection that the server stores itself; may be repeated',
    },
    json: { type: 'boolean', description: 'Print what was found as JSON' },
  },
  examples: ['bookend check', 'bookend check ./workflows', 'bookend check --stored hubspot/main'],
  async run({ folder: chosen, json }, io, words) {
    const asked = chosen ?? readEnv(io.env, 'BOOKEND_WORKFLOWS') ?? 'workflows'
    const folder = resolve(io.cwd, asked)
    const { checkFolder } = await import('@bookend/server/offline')
    const found = await checkFolder(folder, io.env, findRepeated(words, 'stored')).catch(
      (error: unknown) => {
        throw isAbsent(error) ? absentFolder(asked) : error
      },
    )
    const { workflows, problems, warnings } = found
    if (json === true) {
      io.print(JSON.stringify(found))
      return problems.length === 0 ? 0 : 1
    }
    const width = Math.max(0, ...workflows.map(({ file }) => file.length))
    for (const { file, kind, budgetMs, worstCaseMs } of workflows) {
      const budget = budgetMs === null ? '' : `, budget ${budgetMs} ms`
      const worst = worstCaseMs === null ? '' : `, at worst ${worstCaseMs} ms`
      io.print(`${io.style.green('✓')} ${printable(file).padEnd(width)}  ${kind}${budget}${worst}`)
    }
    for (const line of warnings) io.print(`${io.style.yellow('!')} ${printable(line)}`)
    for (const line of problems) io.print(`${io.style.red('✗')} ${printable(line)}`)
    io.print(summarise(workflows.length, problems.length, warnings.length))
    return problems.length === 0 ? 0 : 1
  },
})

function summarise(workflows: number, problems: number, warnings: number): string {
  if (workflows + problems + warnings === 0) {
    return 'no workflows here: their files end with .pre-call.ts, .pre-call.yaml, .journey.ts or .journey.yaml'
  }
  return `${count(workflows, 'workflow')}, ${count(problems, 'problem')}, ${count(warnings, 'warning')}`
}

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

const absentFolder = (folder: string): CliError =>
  new CliError(`There is no folder "${folder}"`, [
    'Name it, bookend check <folder>, or set BOOKEND_WORKFLOWS',
  ])
