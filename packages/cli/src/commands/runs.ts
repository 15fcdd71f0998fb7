import type { Run } from '@bookend/contract'
import { CliError } from '../cli-error.ts'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { lookOfRun } from '../render/states.ts'
import { renderTable } from '../render/table.ts'
import { fit, printable, renderDuration } from '../terminal/text.ts'
import { parseLimit } from './parse-limit.ts'
import { bulkArgs, operateMany } from './run-bulk.ts'
import { pause, resume } from './run-pause.ts'

const HEADING = ['state', 'workflow', 'started (UTC)', 'took', 'run']

const list = command({
  description: 'List runs of workflows, newest first',
  args: {
    failed: { type: 'boolean', description: 'Only those that failed' },
    workflow: { type: 'string', valueHint: 'name', description: 'Only of this workflow' },
    limit: { type: 'string', default: '20', valueHint: 'count', description: 'At most 200' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: ['bookend runs', 'bookend runs --failed', 'bookend runs --workflow after-visit --json'],
  async run(args, io) {
    const query = {
      limit: parseLimit(args.limit),
      ...(args.failed ? { status: 'failed' as const } : {}),
      ...(args.workflow === undefined ? {} : { workflow: args.workflow }),
    }
    const { client } = connect(args, io)
    const list = await client.call('listRuns', { query })
    if (args.json) return io.print(JSON.stringify(list, null, 2))
    if (list.runs.length === 0) {
      return io.print(args.failed ? 'No run failed.' : 'No run yet; make one with: bookend call')
    }
    const rows = list.runs.map((run) => {
      const { glyph, word } = lookOfRun(run.status)
      const ms = run.duration_ms === null ? '' : renderDuration(run.duration_ms)
      const startedAt = run.started_at.slice(0, 19).replace('T', ' ')
      return [`${glyph} ${word}`, run.workflow, startedAt, ms, run.id]
    })
    const [heading, ...lines] = renderTable(HEADING, rows, io.style)
    io.print(heading ?? '')
    for (const [index, { error }] of list.runs.entries()) {
      io.print(lines[index] ?? '')
      if (error !== null)
        io.print(`  ${io.style.red(fit(`↳ ${printable(error)}`, io.columns - 2))}`)
    }
    if (list.next_cursor !== null) io.print(io.style.dim('There are more; raise --limit.'))
  },
})

const id = {
  type: 'positional',
  required: true,
  description: 'The id of a run, from the list',
} as const

/** Left out, where a filter says which. */
const idOrFilter = { ...id, required: false } as const

const cancel = command({
  description: 'Stop a journey, or all that a filter finds: nothing more of it is sent',
  args: { id: idOrFilter, ...bulkArgs, ...connectionArgs },
  examples: [
    'bookend runs cancel 0192f3a4-7c11-7000-8000-000000000001',
    'bookend runs cancel --workflow after-visit --since 2h --yes',
  ],
  async run(args, io) {
    if (args.id === undefined) return await operateMany('cancel', args, io)
    const { client } = connect(args, io)
    const run = await client.call('cancelRun', { params: { id: args.id } })
    io.print(`${nameOf(run)} is cancelled.`)
  },
})

const retry = command({
  description: 'Go on with a failed journey, or all that a filter finds, at the step that failed',
  args: { id: idOrFilter, ...bulkArgs, ...connectionArgs },
  examples: [
    'bookend runs retry 0192f3a4-7c11-7000-8000-000000000001',
    'bookend runs retry --workflow after-visit --status failed --since 2h',
    'bookend runs retry --failed-step log-call --since 1d --yes',
  ],
  async run(args, io) {
    if (args.id === undefined) return await operateMany('retry', args, io)
    const { client } = connect(args, io)
    const run = await client.call('retryRun', { params: { id: args.id } })
    io.print(`${nameOf(run)} goes on; what finished is not run again.`)
  },
})

const replay = command({
  description: 'Run a journey that is over once more, as a new run; it sends its messages anew',
  args: {
    id,
    from: {
      type: 'string',
      valueHint: 'step',
      description: 'Steps that began before it keep what they yielded',
    },
    version: {
      type: 'string',
      valueHint: 'version',
      description: 'Of the journey; the active one when left out',
    },
    ...connectionArgs,
  },
  examples: [
    'bookend runs replay 0192f3a4-7c11-7000-8000-000000000001',
    'bookend runs replay 0192f3a4-7c11-7000-8000-000000000001 --from log-call',
  ],
  async run(args, io) {
    const { client } = connect(args, io)
    const body = {
      ...(args.from === undefined ? {} : { from_step: args.from }),
      ...(args.version === undefined ? {} : { version: args.version }),
    }
    const run = await client.call('replayRun', { params: { id: args.id }, body })
    io.print(run.id)
    io.complain(`${nameOf(run)} is a replay of ${args.id}.`)
  },
})

const resolve = command({
  description: 'Say of a step that is maybe done what is true, and go on',
  args: {
    id,
    step: { type: 'positional', required: true, description: 'The step that is maybe done' },
    'was-done': { type: 'boolean', description: 'It had its effect: go on behind it' },
    'send-again': { type: 'boolean', description: 'It had none: run it again' },
    ...connectionArgs,
  },
  examples: ['bookend runs resolve 0192f3a4-7c11-7000-8000-000000000001 thanks --was-done'],
  async run(args, io) {
    const wasDone = args['was-done'] === true
    if (wasDone === (args['send-again'] === true)) {
      throw new CliError('Say either --was-done or --send-again')
    }
    const { client } = connect(args, io)
    const params = { id: args.id, name: args.step }
    const it = wasDone ? 'was_done' : 'send_again'
    const run = await client.call('resolveStep', { params, body: { it } })
    io.print(`${nameOf(run)} goes on.`)
  },
})

const nameOf = ({ workflow, id }: Pick<Run, 'workflow' | 'id'>): string =>
  `Run ${id} of ${printable(workflow)}`

export const runs: CommandGroup = {
  description: 'List and operate runs of workflows',
  examples: [
    'bookend runs                      the newest',
    'bookend runs --failed             those that need somebody',
    'bookend runs retry <id>',
  ],
  commands: { list, cancel, retry, replay, resolve, pause, resume },
  otherwise: list,
}
