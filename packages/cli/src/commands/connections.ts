// Accounts of other systems, from the command line.
//
// C1. A secret is read from the environment or from standard input, never from the command line: that
//     is in the shell's history, and in the list of processes for everybody to read.

import type { Connection, ConnectionChecked, JsonObject } from '@bookend/contract'
import { ApiError, type Client } from '@bookend/sdk/client'
import { CliError } from '../cli-error.ts'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { readEnv } from '../read-env.ts'
import { renderTable } from '../render/table.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'
import { findRepeated } from './find-repeated.ts'
import { parseSettings } from './parse-settings.ts'

const NAME = /^([a-z][a-z0-9-]*)\/([a-z0-9][a-z0-9_-]{0,63})$/
/** What tells accounts apart and opens nothing (C1). */
const PLAIN_FIELDS = new Set([
  'kind',
  'user',
  'username',
  'name',
  'client_id',
  'key_id',
  'access_key_id',
  'token_url',
  'scope',
  'audience',
  'client_in',
  'header',
  'prefix',
  'timestamp_header',
])

const nameArg = {
  type: 'positional',
  required: true,
  description: 'Such as http/desk: the connector, and what you call this account',
} as const
const json = { type: 'boolean', description: 'As JSON' } as const

const list = command({
  description: 'List connections, how they are doing and who uses them',
  args: { json, ...connectionArgs },
  examples: ['bookend connections list'],
  async run(args, io) {
    const { client } = connect(args, io)
    const answer = await client.call('listConnections', {})
    if (args.json) return io.print(JSON.stringify(answer, null, 2))
    if (answer.connections.length === 0) {
      io.print('No connection yet; add one with: bookend connections add http/desk --help')
      return
    }
    const rows = answer.connections.map((connection) => [
      connection.name,
      describeStatus(connection),
      connection.used_by.map(({ workflow }) => workflow).join(', ') || 'nobody',
      connection.health.last_used_at?.slice(0, 16).replace('T', ' ') ?? 'never',
      `${connection.health.failures_last_hour} of ${connection.health.calls_last_hour}`,
      connection.origin === 'file' ? 'bookend.config.ts' : 'stored',
    ])
    const heading = ['connection', 'status', 'used by', 'last used (UTC)', 'failed/h', 'from']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
  },
})

const show = command({
  description: 'Show a connection; its secrets are masked',
  args: { name: nameArg, json, ...connectionArgs },
  examples: ['bookend connections show http/desk'],
  async run(args, io) {
    const { client } = connect(args, io)
    const connection = await client.call('getConnection', { params: parseName(args.name) })
    if (args.json) return io.print(JSON.stringify(connection, null, 2))
    for (const line of renderConnection(connection)) io.print(line)
  },
})

const add = command({
  description: 'Connect an account; its credential comes from the environment or standard input',
  args: {
    name: nameArg,
    set: {
      type: 'string',
      valueHint: 'name=value',
      description: 'A setting of the connector; may be repeated',
    },
    auth: {
      type: 'string',
      valueHint: 'name=value',
      description: 'What is not secret of the credential, such as kind=bearer; may be repeated',
    },
    'auth-env': {
      type: 'string',
      valueHint: 'name=VARIABLE',
      description: 'A secret of the credential, from that variable; may be repeated',
    },
    'auth-stdin': {
      type: 'boolean',
      description: 'The credential as a JSON object on standard input',
    },
    replace: {
      type: 'boolean',
      description: 'Change the one of this name: settings are merged, a credential is replaced',
    },
    ...connectionArgs,
  },
  examples: [
    'bookend connections add http/desk --set base_url=https://desk.example.com --auth kind=bearer --auth-env token=DESK_TOKEN',
    'pass show desk | bookend connections add http/desk --replace --auth-stdin',
  ],
  async run(args, io, words) {
    const params = parseName(args.name)
    const settings = parseSettings(findRepeated(words, 'set'))
    const auth = await readAuth(words, args['auth-stdin'] === true, io)
    const { client } = connect(args, io)
    const made = args.replace
      ? await client.call('updateConnection', {
          params,
          body: {
            ...(Object.keys(settings).length === 0 ? {} : { settings }),
            ...(auth === null ? {} : { auth }),
          },
        })
      : await client.call('createConnection', { body: { name: args.name, settings, auth } })
    io.print(`${made.name} is ${args.replace ? 'changed' : 'connected'}.`)
    if (made.status !== 'ok') io.complain(`It is not usable yet: ${describeStatus(made)}`)
    else io.complain(`See whether it works: bookend connections check ${made.name}`)
  },
})

const check = command({
  description: 'Ask each system, or one, whether the credential is good',
  args: {
    name: { ...nameArg, required: false, description: 'One connection; all when left out' },
    json,
    ...connectionArgs,
  },
  examples: ['bookend connections check', 'bookend connections check http/desk'],
  async run(args, io) {
    const { client } = connect(args, io)
    const names =
      args.name === undefined
        ? (await client.call('listConnections', {})).connections.map(({ name }) => name)
        : [args.name]
    const results: { name: string; checked: ConnectionChecked }[] = []
    for (const name of names) results.push({ name, checked: await checkOne(client, name) })
    if (args.json) io.print(JSON.stringify(results, null, 2))
    else for (const { name, checked } of results) io.print(renderChecked(name, checked, io))
    return results.every(({ checked }) => checked.ok) ? 0 : 1
  },
})

const remove = command({
  description: 'Delete a connection that no workflow uses, and its credential with it',
  args: { name: nameArg, ...connectionArgs },
  examples: ['bookend connections remove http/desk'],
  async run(args, io) {
    const { client } = connect(args, io)
    await client.call('deleteConnection', { params: parseName(args.name) })
    io.print(`${args.name} is deleted.`)
  },
})

export const connections: CommandGroup = {
  description: 'Connect other systems, check and remove them',
  examples: ['bookend connections list', 'bookend connections check'],
  commands: { list, show, add, check, remove },
}

export const checkOne = (client: Pick<Client, 'call'>, name: string): Promise<ConnectionChecked> =>
  client.call('checkConnection', { params: parseName(name) })

function renderChecked(name: string, checked: ConnectionChecked, { style }: Io): string {
  const isAsked = checked.code !== 'not_asked'
  const good = isAsked ? style.green('✓') : style.yellow('–')
  const glyph = checked.ok ? good : style.red('✗')
  const notes = checked.warnings
    .map((warning) => `\n  ${style.yellow('!')} ${printable(warning)}`)
    .join('')
  return `${glyph} ${name}  ${printable(checked.detail)} (${checked.took_ms} ms)${notes}`
}

function parseName(name: string): { connector: string; connection: string } {
  const [, connector, connection] = NAME.exec(name) ?? []
  if (connector !== undefined && connection !== undefined) return { connector, connection }
  throw new CliError(`"${name}" is not a connection; write it like http/desk`)
}

async function readAuth(
  words: readonly string[],
  isStdin: boolean,
  io: Io,
): Promise<JsonObject | null> {
  const plain = parseSettings(findRepeated(words, 'auth'))
  const secret = Object.keys(plain).find((field) => !PLAIN_FIELDS.has(field))
  if (secret !== undefined) {
    throw new CliError(`--auth ${secret}=… would show a secret to everybody on this machine`, [
      `Put it into a variable and write --auth-env ${secret}=VARIABLE, or use --auth-stdin.`,
    ])
  }
  const fromEnv = findRepeated(words, 'auth-env').map((word) => readVariable(word, io))
  const fromInput = isStdin ? parseInput(await io.readInput()) : {}
  const auth = { ...plain, ...Object.fromEntries(fromEnv), ...fromInput }
  return Object.keys(auth).length === 0 ? null : auth
}

function readVariable(word: string, { env }: Io): [string, string] {
  const [, field = '', variable = ''] = /^([^=]+)=(.+)$/.exec(word) ?? []
  if (field === '') {
    throw new CliError(`"--auth-env ${word}" names no variable; write --auth-env token=DESK_TOKEN`)
  }
  const value = readEnv(env, variable)
  if (value === undefined) throw new CliError(`The variable ${variable} is not set`)
  return [field, value]
}

/** What was read is a secret: it is in no message. */
function parseInput(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as JsonObject
    }
  } catch {
    // Said below.
  }
  throw new CliError(
    'Standard input has no JSON object; send one like {"kind":"bearer","token":"…"}',
  )
}

function describeStatus({ status, status_code: code }: Connection): string {
  if (status === 'ok') return 'ok'
  const words = status === 'needs_attention' ? 'refused' : 'needs its credential'
  return code === null ? words : `${words} (${code})`
}

function renderConnection(connection: Connection): string[] {
  const { health, auth } = connection
  const fields = Object.entries(auth?.fields ?? {}).map(([name, value]) => `${name} ${value}`)
  const kind = auth?.kind ?? null
  const failure = health.last_failure
  const uses = connection.used_by.map(({ workflow, as }) => `${workflow} (as ${as})`)
  const lines: readonly (readonly [string, string])[] = [
    ['connection', connection.name],
    ['from', connection.origin === 'file' ? 'bookend.config.ts' : 'stored'],
    ['status', describeStatus(connection)],
    ['settings', JSON.stringify(connection.settings)],
    ['credential', [...(kind === null ? [] : [kind]), ...fields].join(', ') || 'none'],
    ['used by', uses.join(', ') || 'nobody'],
    ['last used', health.last_used_at ?? 'never'],
    ['last success', health.last_success_at ?? 'never'],
    ['last failure', failure === null ? 'never' : `${failure.at} ${failure.code}`],
    ['last hour', `${health.failures_last_hour} of ${health.calls_last_hour} calls failed`],
    ['circuit', health.circuit],
  ]
  return lines.map(([name, value]) => `${name.padEnd(14)}${printable(value)}`)
}

/** Whether the key may not do this. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 403
