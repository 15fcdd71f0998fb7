// Voice platforms, from the command line.
//
// C1. A secret is read from the environment, never from the command line: that is in the shell's
//     history, and in the list of processes for everybody to read.

import type { Json, JsonObject, Platform, VoicePlatformId } from '@bookend/contract'
import { voicePlatformIds } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { CliError } from '../cli-error.ts'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { readEnv } from '../read-env.ts'
import { renderChecked, renderPlatform, renderSetUp } from '../render/platforms.ts'
import { renderTable } from '../render/table.ts'
import type { Io } from '../terminal/io.ts'
import { findRepeated } from './find-repeated.ts'
import { parseSettings } from './parse-settings.ts'

const NAME = /^([a-z-]+)(?:\/([a-z0-9][a-z0-9_-]{0,63}))?$/
const NAME_DEFAULT = 'main'

const nameArg = {
  type: 'positional',
  required: true,
  description: 'Such as retell, or retell/sales where there are several',
} as const
const json = { type: 'boolean', description: 'As JSON' } as const

const list = command({
  description: 'List connected voice platforms, and what came from each',
  args: { json, ...connectionArgs },
  examples: ['bookend platforms list'],
  async run(args, io) {
    const { client } = connect(args, io)
    const answer = await client.call('listPlatforms', {})
    if (args.json) return io.print(JSON.stringify(answer, null, 2))
    if (answer.platforms.length === 0) {
      io.print('No voice platform yet; connect one with: bookend platforms add retell --help')
      return
    }
    const rows = answer.platforms.map((platform) => [
      `${platform.platform}/${platform.name}`,
      platform.unusable ?? 'ok',
      platform.budget_ms === null ? '' : `${platform.budget_ms} ms`,
      describeDoor(platform.pre_call),
      describeDoor(platform.events),
    ])
    const heading = ['platform', 'status', 'budget', 'last pre-call (UTC)', 'last event (UTC)']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
  },
})

const show = command({
  description: 'Show a connected platform; its secrets are masked',
  args: { name: nameArg, json, ...connectionArgs },
  examples: ['bookend platforms show retell'],
  async run(args, io) {
    const { client } = connect(args, io)
    const platform = await client.call('getPlatform', { params: parseName(args.name) })
    if (args.json) return io.print(JSON.stringify(platform, null, 2))
    for (const line of renderPlatform(platform)) io.print(line)
  },
})

const add = command({
  description: 'Connect a voice platform, and tell what is to be set on its side',
  args: {
    name: nameArg,
    set: {
      type: 'string',
      valueHint: 'option=value',
      description: 'An option of the platform; may be repeated',
    },
    'secret-env': {
      type: 'string',
      valueHint: 'option=VARIABLE',
      description: 'A secret option, from that variable; verification.secret for one in a group',
    },
    agent: {
      type: 'string',
      valueHint: 'theirs=ours',
      description:
        'An agent of the platform, and the agent here that stands for it; may be repeated',
    },
    'default-agent': {
      type: 'string',
      valueHint: 'agent',
      description: 'The agent here that stands for all others',
    },
    'analysis-wait': {
      type: 'string',
      valueHint: 'minutes',
      description: 'Journeys after a call wait so long for its analysis',
    },
    replace: { type: 'boolean', description: 'Change the one of this name' },
    ...connectionArgs,
  },
  examples: [
    'bookend platforms add retell --secret-env api_key=RETELL_KEY --default-agent 0198c7a2-…',
    'bookend platforms add vapi --set verification=\'{"kind":"hmac"}\' --secret-env verification.secret=VAPI_SECRET',
    'bookend platforms add retell --replace --agent agent_7f3a=0198c7a2-…',
  ],
  async run(args, io, words) {
    const params = parseName(args.name)
    const { client } = connect(args, io)
    const options = await readOptions(client, params.platform, words, io)
    const agents = readAgents(findRepeated(words, 'agent'))
    const standard = args['default-agent']
    const wait = readMinutes(args['analysis-wait'])
    const given = {
      ...(Object.keys(options).length === 0 ? {} : { options }),
      ...(agents === null ? {} : { agents }),
      ...(standard === undefined ? {} : { default_agent_id: standard }),
      ...(wait === null ? {} : { analysis_wait_minutes: wait }),
    }
    const { platform, connection } = params
    const made = args.replace
      ? await client.call('updatePlatform', { params, body: given })
      : await client.call('createPlatform', { body: { platform, name: connection, ...given } })
    io.print(`${made.platform}/${made.name} is ${args.replace ? 'changed' : 'connected'}.`)
    const setUp = await client.call('getPlatformSetUp', { params })
    for (const line of renderSetUp(setUp, io)) io.print(line)
    io.complain(`Then make a call, and see: bookend platforms check ${made.platform}/${made.name}`)
  },
})

const setUp = command({
  description:
    'Set on the platform’s side what can be set by request; without ids, tell what is to be set',
  args: {
    name: nameArg,
    'agent-id': {
      type: 'string',
      valueHint: 'id',
      description: 'An agent there; may be repeated',
    },
    'number-id': {
      type: 'string',
      valueHint: 'id',
      description: 'A number there, by its id or the number itself; may be repeated',
    },
    json,
    ...connectionArgs,
  },
  examples: [
    'bookend platforms set-up retell',
    'bookend platforms set-up retell --agent-id agent_7f3a --number-id +15550123',
  ],
  async run(args, io, words) {
    const params = parseName(args.name)
    const { client } = connect(args, io)
    const agentIds = findRepeated(words, 'agent-id')
    const numberIds = findRepeated(words, 'number-id')
    const isDone = agentIds.length + numberIds.length > 0
    const body = { agent_ids: agentIds, number_ids: numberIds }
    const answer = isDone
      ? await client.call('setUpPlatform', { params, body })
      : await client.call('getPlatformSetUp', { params })
    if (args.json) io.print(JSON.stringify(answer, null, 2))
    else for (const line of renderSetUp(answer, io)) io.print(line)
    const requests = answer.steps.flatMap((step) => step.requests)
    return requests.some(({ error }) => error !== null) ? 1 : 0
  },
})

const check = command({
  description: 'Whether a platform is set up: what came from it, and whether its API takes the key',
  args: {
    name: { ...nameArg, required: false, description: 'One platform; all when left out' },
    json,
    ...connectionArgs,
  },
  examples: ['bookend platforms check', 'bookend platforms check retell'],
  async run(args, io) {
    const { client } = connect(args, io)
    const all =
      args.name === undefined
        ? (await client.call('listPlatforms', {})).platforms.map(paramsOf)
        : [parseName(args.name)]
    const results = []
    for (const params of all) {
      const checked = await client.call('checkPlatform', { params })
      results.push({ name: `${params.platform}/${params.connection}`, checked })
    }
    if (args.json) io.print(JSON.stringify(results, null, 2))
    else {
      for (const { name, checked } of results) {
        for (const line of renderChecked(name, checked, io)) io.print(line)
      }
    }
    return results.every(({ checked }) => checked.ok) ? 0 : 1
  },
})

const remove = command({
  description: 'Disconnect a voice platform; its calls stay',
  args: { name: nameArg, ...connectionArgs },
  examples: ['bookend platforms remove retell'],
  async run(args, io) {
    const params = parseName(args.name)
    const { client } = connect(args, io)
    await client.call('deletePlatform', { params })
    io.print(`${params.platform}/${params.connection} is disconnected.`)
  },
})

export const platforms: CommandGroup = {
  description: 'Connect voice platforms, set them up and check them',
  examples: ['bookend platforms list', 'bookend platforms add retell --help'],
  commands: { list, show, add, 'set-up': setUp, check, remove },
}

interface Params {
  readonly platform: VoicePlatformId
  readonly connection: string
}

const paramsOf = ({ platform, name }: Platform): Params => ({ platform, connection: name })

function parseName(name: string): Params {
  const [, id, connection = NAME_DEFAULT] = NAME.exec(name) ?? []
  const platform = voicePlatformIds.find((known) => known === id)
  if (platform !== undefined) return { platform, connection }
  throw new CliError(`"${name}" is not a voice platform`, [
    `There are ${voicePlatformIds.join(', ')}; several of one are told apart like retell/sales.`,
  ])
}

const describeDoor = ({
  last_accepted_at: accepted,
  last_refused_at: refused,
}: Platform['events']) => {
  if (refused !== null && (accepted === null || refused > accepted)) {
    return `refused ${refused.slice(0, 16).replace('T', ' ')}`
  }
  return accepted?.slice(0, 16).replace('T', ' ') ?? 'never'
}

async function readOptions(
  client: Pick<Client, 'call'>,
  platform: VoicePlatformId,
  words: readonly string[],
  io: Io,
): Promise<JsonObject> {
  const options = parseSettings(findRepeated(words, 'set'))
  const { adapters } = await client.call('listPlatformAdapters', {})
  const secrets = secretsIn(adapters.find((one) => one.platform === platform)?.options)
  const typed = secrets.find((path) => readAt(options, path) !== undefined)
  if (typed !== undefined) {
    const name = typed.join('.')
    throw new CliError(`--set with ${name} would show a secret to everybody on this machine`, [
      `Put it into a variable and write --secret-env ${name}=VARIABLE.`,
    ])
  }
  for (const word of findRepeated(words, 'secret-env')) {
    const [, path = '', variable = ''] = /^([\w.]+)=(.+)$/.exec(word) ?? []
    if (path === '') {
      throw new CliError(`"--secret-env ${word}" names no variable; write api_key=RETELL_KEY`)
    }
    const value = readEnv(io.env, variable)
    if (value === undefined) throw new CliError(`The variable ${variable} is not set`)
    writeAt(options, path.split('.'), value)
  }
  return options
}

/** Paths of what a schema keeps secret. */
function secretsIn(schema: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isRecord(schema)) return []
  if (schema['writeOnly'] === true) return [path]
  const within = Object.entries(isRecord(schema['properties']) ? schema['properties'] : {})
  const forms = [schema['anyOf'], schema['oneOf']].filter((list) => Array.isArray(list)).flat()
  return [
    ...within.flatMap(([name, field]) => secretsIn(field, [...path, name])),
    ...forms.flatMap((form) => secretsIn(form, path)),
  ]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readAt = (fields: unknown, [name = '', ...rest]: readonly string[]): unknown => {
  const value = isRecord(fields) ? fields[name] : undefined
  return rest.length === 0 ? value : readAt(value, rest)
}

function writeAt(fields: JsonObject, [name = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) fields[name] = value
  else {
    const before = fields[name]
    const group: JsonObject = isRecord(before) ? (before as JsonObject) : {}
    fields[name] = group
    writeAt(group, rest, value)
  }
}

/** Null: none is given. */
function readAgents(words: readonly string[]): Record<string, string> | null {
  if (words.length === 0) return null
  return Object.fromEntries(
    words.map((word) => {
      const [, theirs = '', ours = ''] = /^(.+)=([^=]+)$/.exec(word) ?? []
      if (theirs !== '') return [theirs, ours]
      throw new CliError(
        `"--agent ${word}" names no two agents; write --agent agent_7f3a=0198c7a2-…`,
      )
    }),
  )
}

function readMinutes(word: string | undefined): number | null {
  if (word === undefined) return null
  if (/^\d{1,4}$/.test(word)) return Number(word)
  throw new CliError(`"--analysis-wait ${word}" is no number of minutes`)
}
