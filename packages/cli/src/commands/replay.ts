// A run of the past, run again on what it was asked: what would be different. Nothing is kept of it and
// nothing is sent; `bookend runs replay` is the one that sends.

import type { BacktestedCall, DryRun, JsonObject, Run } from '@bookend/contract'
import { ApiError, type Client } from '@bookend/sdk/client'
import { resolve } from 'node:path'
import { backtestFile, loadPreCallFile } from '../backtest/backtest-file.ts'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { renderInstant } from '../render/instant.ts'
import { renderJourneyReplay, renderPreCallReplay } from '../render/replay.ts'
import { compareJourney, findAnswers } from '../replay/compare-journey.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'
import { explainFaults, readSource } from './workflow-source.ts'

interface Choice {
  readonly draft: string | undefined
  readonly version: string | undefined
  readonly live: boolean
}

export const replay = command({
  description:
    'Run a run of the past again on the same input, and show what is different; nothing is sent',
  args: {
    id: {
      type: 'positional',
      required: true,
      description: 'The id of a run; or of a call, for the run that answered it',
    },
    draft: {
      type: 'string',
      valueHint: 'file',
      description:
        'A file to try instead of what is active; of a pre-call workflow also TypeScript',
    },
    version: {
      type: 'string',
      valueHint: 'version',
      description: 'Of a pre-call workflow: one that was published in YAML before',
    },
    live: {
      type: 'boolean',
      description: 'Of a pre-call workflow: ask connections anew, not the record of then',
    },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: [
    'bookend replay 0192f3a4-7c11-7000-8000-000000000001',
    'bookend replay 0192f3a4-7c11-7000-8000-000000000001 --draft workflows/intake.pre-call.ts',
  ],
  async run(args, io) {
    const { client } = connect(args, io)
    const run = await findRun(client, args.id)
    const choice = { draft: args.draft, version: args.version, live: args.live === true }
    if (!args.json) {
      io.print(`${io.style.bold(printable(run.workflow))} of ${renderInstant(run.started_at)} UTC`)
    }
    return run.kind === 'pre-call'
      ? await replayPreCall(client, run, choice, io, args.json)
      : await replayJourney(client, run, choice, io, args.json)
  },
})

async function findRun(client: Client, id: string): Promise<Run> {
  try {
    return await client.call('getRun', { params: { id } })
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error
    const call = await client.call('getCall', { params: { id } }).catch(() => null)
    const answeredBy = call?.pre_call_run_id ?? null
    if (answeredBy === null) throw error
    return await client.call('getRun', { params: { id: answeredBy } })
  }
}

/** 1 where something is different, or not known. */
async function replayPreCall(
  client: Client,
  run: Run,
  choice: Choice,
  io: Io,
  json = false,
): Promise<number> {
  const call = await tryPreCall(client, run, choice, io)
  if (call === undefined) throw new CliError('The run is not recorded so that it can be replayed')
  if (json) io.print(JSON.stringify(call, null, 2))
  else for (const line of renderPreCallReplay(call, io)) io.print(line)
  return call.differs.length === 0 && call.gaps.length === 0 ? 0 : 1
}

async function tryPreCall(
  client: Client,
  run: Run,
  { draft, version, live }: Choice,
  io: Io,
): Promise<BacktestedCall | undefined> {
  if (draft?.endsWith('.ts') === true) {
    if (live) throw new CliError('A file in TypeScript is run on recorded answers; leave --live')
    const workflow = await loadPreCallFile(resolve(io.cwd, draft))
    return (await backtestFile(client, workflow, [run.id]))[0]
  }
  const body = {
    run_id: run.id,
    live,
    ...(draft === undefined ? {} : { source: await readSource(draft, io) }),
    ...(version === undefined ? {} : { version }),
  }
  const found = await client
    .call('backtestWorkflow', { params: { name: run.workflow }, body })
    .catch((error: unknown) => {
      throw draft === undefined ? error : explainFaults(error, draft)
    })
  return found.calls[0]
}

async function replayJourney(
  client: Client,
  run: Run,
  { draft }: Choice,
  io: Io,
  json = false,
): Promise<number> {
  const isYaml = draft === undefined || /\.ya?ml$/.test(draft)
  if (!isYaml) throw new CliError('Of a journey, a draft is a file in YAML')
  const hasWaits = run.steps.some(({ kind, status }) => kind !== 'step' && status === 'ok')
  const body = {
    ...(draft === undefined ? {} : { source: await readSource(draft, io) }),
    ...(await subjectOf(client, run)),
    answers: findAnswers(run) as Record<string, JsonObject>,
    // What came then does not come again; what nobody waited out then is not waited for now.
    expire_waits: hasWaits,
  }
  const now: DryRun = await client
    .call('dryRunWorkflow', { params: { name: run.workflow }, body })
    .catch((error: unknown) => {
      throw draft === undefined ? error : explainFaults(error, draft)
    })
  const comparison = compareJourney(run, now)
  if (json) io.print(JSON.stringify({ was: run, now, ...comparison }, null, 2))
  else {
    for (const line of renderJourneyReplay(comparison, io)) io.print(line)
    if (now.error !== null) io.print(io.style.red(`↳ ${printable(now.error)}`))
    io.print(io.style.dim('Nothing was sent; bookend runs replay runs it once more in earnest.'))
  }
  return comparison.different.length === 0 ? 0 : 1
}

async function subjectOf(client: Client, run: Run): Promise<object> {
  if (run.call_id !== null) return { call_id: run.call_id }
  if (run.event_id === null) throw new CliError('The run has neither a call nor an event')
  const { payload } = await client.call('getEvent', { params: { event_id: run.event_id } })
  return { event: { payload: payload as JsonObject } }
}
