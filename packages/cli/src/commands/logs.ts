// What happened in a workspace, from its records: calls, runs, deliveries, in the order of time.
//
// G1. A line stands at the instant since which it is as it is: a run that ended, at its end.
// G2. With `--json` each line is one JSON document, so that a pipe can read it as it grows.

import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs, type Connection } from '../connection.ts'
import { follow, followArg } from '../follow/follow.ts'
import { renderLogEntry, type LogEntry } from '../render/log-entry.ts'
import type { Io } from '../terminal/io.ts'
import { parseLimit } from './parse-limit.ts'
import { parseMoment, sinceArg } from './parse-moment.ts'

const ONLY = ['calls', 'runs', 'deliveries'] as const
type Only = (typeof ONLY)[number]

export const logs = command({
  description: 'What happened: calls, runs of workflows and deliveries, in the order of time',
  args: {
    call: { type: 'string', valueHint: 'id', description: 'Only what belongs to this call' },
    only: { type: 'string', valueHint: 'list', description: 'Some of calls,runs,deliveries' },
    workflow: { type: 'string', valueHint: 'name', description: 'Only runs of this workflow' },
    failed: { type: 'boolean', description: 'Only what failed or was given up' },
    since: sinceArg,
    limit: { type: 'string', default: '50', valueHint: 'count', description: 'At most 200' },
    follow: followArg,
    json: { type: 'boolean', description: 'As JSON, one document a line' },
    ...connectionArgs,
  },
  examples: [
    'bookend logs',
    'bookend logs -f',
    'bookend logs --failed --since 2h',
    'bookend logs --only runs --workflow after-visit -f --json | jq .record.status',
  ],
  async run(args, io) {
    const asked: Asked = {
      only: parseOnly(args.only, args.workflow),
      callId: args.call,
      workflow: args.workflow,
      isFailed: args.failed === true,
      since: args.since === undefined ? undefined : parseMoment(args.since, '--since'),
      limit: parseLimit(args.limit),
    }
    const connection = connect(args, io)
    const tell = (entry: LogEntry): void => printEntry(entry, io, args.json === true)
    if (args.follow === true) {
      const look = (): Promise<LogEntry[]> => readEntries(connection, asked)
      return await follow<LogEntry>(args, io, asked.only, { look, stateOf, tell })
    }
    const entries = await readEntries(connection, asked)
    for (const entry of entries) tell(entry)
    if (entries.length === 0) io.complain('Nothing of that kind happened.')
  },
})

interface Asked {
  readonly only: readonly Only[]
  readonly callId: string | undefined
  readonly workflow: string | undefined
  readonly isFailed: boolean
  readonly since: string | undefined
  readonly limit: number
}

function parseOnly(text: string | undefined, workflow: string | undefined): readonly Only[] {
  if (text === undefined) return workflow === undefined ? ONLY : ['runs']
  const names = text.split(',').map((name) => name.trim())
  const only = ONLY.filter((name) => names.includes(name))
  if (only.length === names.length) return only
  throw new CliError(`--only is "${text}"; write some of ${ONLY.join(',')}`)
}

function printEntry(entry: LogEntry, io: Io, json: boolean): void {
  if (json) return io.print(JSON.stringify(entry))
  for (const line of renderLogEntry(entry, io)) io.print(line)
}

const idOf = ({ kind, record }: LogEntry): string => (kind === 'call' ? record.uuid : record.id)
const stateOf = (entry: LogEntry): { id: string; state: string } => ({
  id: idOf(entry),
  state: `${entry.at} ${entry.record.status}`,
})

async function readEntries({ client }: Connection, asked: Asked): Promise<LogEntry[]> {
  const { only, callId, limit } = asked
  const all =
    callId === undefined
      ? await Promise.all(only.map((one) => READ[one](client, asked)))
      : [await readCall(client, callId, asked)]
  return all
    .flat()
    .filter((entry) => isWanted(entry, asked))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-limit)
}

type Client = Connection['client']

const READ = {
  async calls(client, { limit }) {
    const { calls } = await client.call('listCalls', { query: { limit } })
    return calls.map(callEntry)
  },
  async runs(client, { limit, workflow, isFailed }) {
    const query = {
      limit,
      ...(workflow === undefined ? {} : { workflow }),
      ...(isFailed ? { status: 'failed' as const } : {}),
    }
    const { runs } = await client.call('listRuns', { query })
    return runs.map(runEntry)
  },
  async deliveries(client, { limit, since, isFailed }) {
    const query = {
      limit,
      ...(since === undefined ? {} : { since }),
      ...(isFailed ? { status: 'dead' as const } : {}),
    }
    const { deliveries } = await client.call('searchDeliveries', { query })
    return deliveries.map(deliveryEntry)
  },
} as const satisfies Record<Only, (client: Client, asked: Asked) => Promise<LogEntry[]>>

async function readCall(client: Client, id: string, { only }: Asked): Promise<LogEntry[]> {
  const [call, trace] = await Promise.all([
    client.call('getCall', { params: { id } }),
    client.call('getCallTrace', { params: { id } }),
  ])
  const runs = trace.pre_call === null ? trace.journeys : [trace.pre_call, ...trace.journeys]
  return [
    ...(only.includes('calls') ? [callEntry(call)] : []),
    ...(only.includes('runs') ? runs.map(runEntry) : []),
    ...(only.includes('deliveries') ? trace.deliveries.map(deliveryEntry) : []),
  ]
}

type RecordOf<K extends LogEntry['kind']> = Extract<LogEntry, { kind: K }>['record']

const callEntry = (record: RecordOf<'call'>): LogEntry => ({
  kind: 'call',
  at: record.ended_at ?? record.started_at ?? record.created_at,
  record,
})
const runEntry = (record: RecordOf<'run'>): LogEntry => ({
  kind: 'run',
  at: record.finished_at ?? record.started_at,
  record,
})
const deliveryEntry = (record: RecordOf<'delivery'>): LogEntry => ({
  kind: 'delivery',
  at: record.attempt_log.at(-1)?.started_at ?? record.created_at,
  record,
})

function isWanted(entry: LogEntry, { isFailed, since, workflow }: Asked): boolean {
  if (since !== undefined && Date.parse(entry.at) < Date.parse(since)) return false
  if (workflow !== undefined && entry.kind === 'run' && entry.record.workflow !== workflow) {
    return false
  }
  return !isFailed || entry.record.status === 'failed' || entry.record.status === 'dead'
}
