import { basename } from 'node:path'
import type { DryRun, JsonObject } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { renderDryRun } from '../render/dry-run.ts'
import { findRepeated } from './find-repeated.ts'
import { explainFaults, readSource } from './workflow-source.ts'

const FILE = /^(.+)\.journey\.ya?ml$/

export const dryRun = command({
  description:
    'Run a journey on a finished call: it reads, what it would write is shown and not sent',
  args: {
    workflow: {
      type: 'positional',
      required: true,
      description: 'Its name, or the file of a draft in YAML',
    },
    call: {
      type: 'positional',
      required: false,
      description: 'The id of a call; else the newest that has ended',
    },
    event: {
      type: 'string',
      valueHint: 'JSON',
      description: 'What the event says, of a journey that is not about a call',
    },
    answer: {
      type: 'string',
      valueHint: 'name=JSON',
      description: 'What a person answers to a handoff; may be repeated',
    },
    expire: { type: 'boolean', description: 'Go on as if nothing that is waited for came' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: [
    'bookend dry-run follow-up',
    'bookend dry-run follow-up 0192f3a4-7c11-7000-8000-000000000001 --expire',
    `bookend dry-run workflows/follow-up.journey.yaml --answer 'callback={"outcome":"reached"}'`,
  ],
  async run(args, io, words) {
    const file = /[/\\]|\.(ya?ml|ts)$/.test(args.workflow) ? args.workflow : null
    const name = file === null ? args.workflow : nameOf(file)
    const source = file === null ? {} : { source: await readSource(file, io) }
    const answers = parseAnswers(findRepeated(words, 'answer'))
    const event = args.event === undefined ? null : parseObject(args.event, '--event')
    const { client } = connect(args, io)
    const subject =
      event === null
        ? { call_id: args.call ?? (await newestCall(client)) }
        : { event: { payload: event }, ...(args.call === undefined ? {} : { call_id: args.call }) }
    const body = { ...source, ...subject, answers, expire_waits: args.expire === true }
    const found: DryRun = await client
      .call('dryRunWorkflow', { params: { name }, body })
      .catch((error: unknown) => {
        throw file === null ? error : explainFaults(error, file)
      })
    if (args.json) io.print(JSON.stringify(found, null, 2))
    else for (const line of renderDryRun(found, io)) io.print(line)
    return found.status === 'failed' || found.status === 'cut' ? 1 : 0
  },
})

async function newestCall(client: Client): Promise<string> {
  const { calls } = await client.call('listCalls', { query: { limit: 50 } })
  const ended = calls.find(({ ended_at: at }) => at !== null)
  if (ended !== undefined) return ended.uuid
  throw new CliError('No call has ended yet', ['Make one with: bookend call'])
}

function nameOf(file: string): string {
  const name = FILE.exec(basename(file))?.[1]
  if (name !== undefined) return name
  const remedy = file.endsWith('.ts')
    ? 'One in TypeScript is run by its name, once the server has taken it over (bookend dev).'
    : 'Name it like follow-up.journey.yaml.'
  throw new CliError(`${file} is not the file of a journey in YAML`, [remedy])
}

function parseAnswers(given: readonly string[]): Record<string, JsonObject> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw new CliError(`--answer is "${text}"; write it like callback={"ok":true}`)
      return [text.slice(0, at), parseObject(text.slice(at + 1), '--answer')]
    }),
  )
}

function parseObject(text: string, option: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as JsonObject
    }
  } catch {
    // Said below.
  }
  throw new CliError(`${option} takes an object in JSON, and not ${text}`)
}
