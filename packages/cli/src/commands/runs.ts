import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { lookOfRun } from '../render/states.ts'
import { renderTable } from '../render/table.ts'
import { fit, printable, renderMs } from '../terminal/text.ts'
import { parseLimit } from './parse-limit.ts'

const HEADING = ['state', 'workflow', 'started (UTC)', 'took', 'run']

export const runs = command({
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
      const ms = run.duration_ms === null ? '' : renderMs(run.duration_ms)
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
