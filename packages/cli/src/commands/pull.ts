// A call of a server as a fixture to test with.
//
//   call, trace ─▶ fixture ─▶ redacted ─▶ a file
//
// L1. Nothing is overwritten.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Run } from '@bookend/contract'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs, type Connection } from '../connection.ts'
import { buildFixture, type PulledCall } from '../pull/build-fixture.ts'
import { redactFixture } from '../pull/redact-fixture.ts'
import { printable } from '../terminal/text.ts'

const TEST = 'tests/fixtures.test.ts'

export const pull = command({
  description:
    'Write a call as a fixture: what it was, how it was answered, what its steps were told',
  args: {
    call: { type: 'positional', required: true, description: 'The id of a call' },
    to: { type: 'string', valueHint: 'file', description: 'Else fixtures/<id>.json' },
    redact: {
      type: 'boolean',
      description:
        'Stand-ins for names, numbers, addresses and tokens, the same one wherever it is',
    },
    ...connectionArgs,
  },
  examples: [
    'bookend pull 0192f3a4-7c11-7000-8000-000000000001 --redact',
    'bookend pull 0192f3a4-7c11-7000-8000-000000000001 --to fixtures/upset.json',
  ],
  async run(args, io) {
    const file = resolve(io.cwd, args.to ?? join('fixtures', `${args.call}.json`))
    const shown = printable(relative(io.cwd, file))
    if (existsSync(file)) {
      throw new CliError(`${shown} is there already; nothing was written`, [
        'Name another file with --to',
      ])
    }
    const { client } = connect(args, io)
    const pulled = await readCall(client, args.call)
    const fixture = buildFixture(pulled)
    const written = args.redact === true ? redactFixture(fixture) : fixture
    mkdirSync(dirname(file), { recursive: true })
    // Fails where the file appeared in the meantime (L1).
    writeFileSync(file, `${JSON.stringify(written, null, 2)}\n`, { flag: 'wx' })
    io.print(shown)
    const { journeys, pre_call: run } = pulled.trace
    const answered = run === null ? 'no workflow answered it' : `${run.workflow} answered it`
    const count = `${journeys.length} ${journeys.length === 1 ? 'journey' : 'journeys'}`
    io.complain(`${printable(answered)}, ${count} began with it.`)
    io.complain(
      args.redact === true
        ? 'Names that stand in no field of their own are still in it: read it before you share it.'
        : 'It holds who called and what they said; --redact writes stand-ins.',
    )
    if (existsSync(join(io.cwd, TEST))) return
    io.complain(`Have it answered again by each test run, in ${TEST}:`)
    for (const line of exampleOf(run)) io.complain(`  ${line}`)
  },
})

async function readCall(client: Connection['client'], id: string): Promise<PulledCall> {
  const [call, trace] = await Promise.all([
    client.call('getCall', { params: { id } }),
    client.call('getCallTrace', { params: { id } }),
  ])
  return {
    call,
    trace,
    form: trace.pre_call === null ? null : await formOf(client, trace.pre_call),
  }
}

async function formOf(client: Connection['client'], run: Run): Promise<PulledCall['form']> {
  if (run.version === null) return null
  try {
    const params = { name: run.workflow, version: run.version }
    return (await client.call('getWorkflowVersion', { params })).form
  } catch {
    // An endpoint elsewhere answered, or the version is not kept any more.
    return null
  }
}

function exampleOf(run: Run | null): string[] {
  const name = printable(run?.workflow ?? 'intake')
  return [
    "import { replayFixtures } from '@bookend/sdk/testing'",
    `import workflow from '../workflows/${name}.pre-call.ts'`,
    '',
    "const fixtures = new URL('../fixtures/', import.meta.url)",
    `await replayFixtures(fixtures, { workflows: { '${name}': workflow } })`,
  ]
}
