// A workflow over the calls of the past, a batch at a time.

import type { Backtest, BacktestedCall } from '@bookend/contract'
import { basename, resolve } from 'node:path'
import { backtestFile, listPreCallRuns, loadPreCallFile } from '../backtest/backtest-file.ts'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs, type Connection } from '../connection.ts'
import { renderBacktest } from '../render/backtest.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'
import { parseLimit } from './parse-limit.ts'
import { explainFaults, readSource } from './workflow-source.ts'

const BATCH = 25
const LAST = 200
const FILE = /^(.+)\.pre-call\.(?:ya?ml|ts)$/

export const backtest = command({
  description:
    'Run a pre-call workflow on calls of the past: what would have been answered otherwise',
  args: {
    workflow: {
      type: 'positional',
      required: true,
      description: 'Its name, or the file of a draft: YAML is run by the server, TypeScript here',
    },
    last: {
      type: 'string',
      default: String(LAST),
      valueHint: 'count',
      description: 'How many calls, the newest first; at most 200',
    },
    version: {
      type: 'string',
      valueHint: 'version',
      description: 'One that was published in YAML before; else the active one',
    },
    live: {
      type: 'boolean',
      description: 'Ask connections anew, not the record of what they answered then',
    },
    all: { type: 'boolean', description: 'Show every call that differs' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: [
    'bookend backtest intake',
    'bookend backtest workflows/intake.pre-call.yaml --last 50',
    'bookend backtest workflows/intake.pre-call.ts',
    'bookend backtest intake --json | jq ".calls[] | select(.differs != [])"',
  ],
  async run(args, io) {
    const last = parseLimit(args.last, '--last')
    const file = /[/\\]|\.(ya?ml|ts)$/.test(args.workflow) ? args.workflow : null
    const name = file === null ? args.workflow : nameOf(file)
    if (file?.endsWith('.ts') === true) {
      if (args.version !== undefined || args.live === true) {
        throw new CliError(
          'A file in TypeScript is run on recorded answers; leave --version and --live',
        )
      }
      const connection = connect(args, io)
      return await runFile(
        { file, name, last, isAll: args.all === true },
        connection,
        io,
        args.json,
      )
    }
    const tried = {
      ...(file === null ? {} : { source: await readSource(file, io) }),
      ...(args.version === undefined ? {} : { version: args.version }),
      live: args.live === true,
    }
    const { client } = connect(args, io)
    const calls: BacktestedCall[] = []
    let version = ''
    let cursor: string | null = null
    do {
      const body = {
        ...tried,
        last: Math.min(BATCH, last - calls.length),
        ...(cursor === null ? {} : { cursor }),
      }
      const found: Backtest = await client
        .call('backtestWorkflow', { params: { name }, body })
        .catch((error: unknown) => {
          throw file === null ? error : explainFaults(error, file)
        })
      calls.push(...found.calls)
      ;({ version } = found)
      cursor = calls.length < last ? found.next_cursor : null
      if (cursor !== null) io.complain(io.style.dim(`${calls.length} of ${last} …`))
    } while (cursor !== null)
    if (args.json) {
      return io.print(JSON.stringify({ workflow: name, version, live: tried.live, calls }, null, 2))
    }
    if (calls.length === 0) {
      return io.print(noCalls(name))
    }
    io.print(`${printable(name)} ${io.style.dim(version)}${tried.live ? ', asking anew' : ''}`)
    const { style, columns } = io
    for (const line of renderBacktest(calls, { style, columns, all: args.all === true })) {
      io.print(line)
    }
  },
})

async function runFile(
  { file, name, last, isAll }: { file: string; name: string; last: number; isAll: boolean },
  { client }: Connection,
  io: Io,
  json = false,
): Promise<void> {
  const workflow = await loadPreCallFile(resolve(io.cwd, file))
  const runs = await listPreCallRuns(client, name, last)
  const calls = await backtestFile(client, workflow, runs, (done) => {
    if (done < runs.length) io.complain(io.style.dim(`${done} of ${runs.length} …`))
  })
  if (json) {
    return io.print(JSON.stringify({ workflow: name, version: null, live: false, calls }, null, 2))
  }
  if (calls.length === 0) return io.print(noCalls(name))
  io.print(`${printable(name)} ${io.style.dim(printable(file))}`)
  const { style, columns } = io
  for (const line of renderBacktest(calls, { style, columns, all: isAll })) io.print(line)
}

const noCalls = (name: string): string =>
  `No call was answered by ${printable(name)} yet; make one with: bookend call`

function nameOf(file: string): string {
  const name = FILE.exec(basename(file))?.[1]
  if (name !== undefined) return name
  throw new CliError(`${file} is not the file of a pre-call workflow`, [
    'Name it like intake.pre-call.yaml or intake.pre-call.ts.',
  ])
}
