// A file of this machine, made the active version of its name on a server.

import type { WorkflowWarning } from '@bookend/contract'
import { ApiError, type Client } from '@bookend/sdk/client'
import { basename } from 'node:path'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'
import { explainFaults, readSource } from './workflow-source.ts'

const ENDING = /^(.+?)(?:\.(?:pre-call|journey))?\.ya?ml$/

export const publish = command({
  description: 'Publish a workflow in YAML: new calls and events take it within a second',
  args: {
    file: { type: 'positional', required: true, description: 'Such as intake.pre-call.yaml' },
    name: {
      type: 'string',
      valueHint: 'name',
      description: "Of the workflow; the file's when left out",
    },
    from: {
      type: 'string',
      valueHint: 'version',
      description: 'What it was edited from: refused when that is not active any more',
    },
    check: { type: 'boolean', description: 'Only say what publishing would say' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: [
    'bookend workflows publish intake.pre-call.yaml',
    'bookend workflows publish intake.pre-call.yaml --check',
    'bookend workflows publish intake.pre-call.yaml --from 0123456789abcdef',
  ],
  async run(args, io) {
    const { file } = args
    const name = args.name ?? nameOf(file)
    const source = await readSource(file, io)
    const { client } = connect(args, io)
    if (args.check) return await check({ client, io, file, name, source, json: args.json === true })
    const before = args.from ?? (await findVersion(client, name))
    const headers: Record<string, string> =
      before === undefined ? {} : { 'if-match': `"${before}"` }
    const request = { params: { name }, body: { source } }
    const published = await client
      .call('publishWorkflow', request, { headers })
      .catch((error: unknown) => {
        throw explain(error, file)
      })
    if (args.json) return io.print(JSON.stringify(published, null, 2))
    const { version, warnings } = published
    for (const warning of warnings) io.print(renderWarning(warning, file, io))
    const was = before === undefined ? 'it is new' : `it was ${before}`
    io.print(
      before === version
        ? `${name} is at ${version} already; nothing changed.`
        : `${name} is at ${version} now; ${was}.`,
    )
  },
})

interface Checking {
  readonly client: Client
  readonly io: Io
  readonly file: string
  readonly name: string
  readonly source: string
  readonly json: boolean
}

async function check({ client, io, file, name, source, json }: Checking): Promise<number> {
  const found = await client
    .call('checkWorkflow', { params: { name }, body: { source } })
    .catch((error: unknown) => {
      throw explain(error, file)
    })
  const code = found.valid ? 0 : 1
  if (json) {
    io.print(JSON.stringify(found, null, 2))
    return code
  }
  for (const warning of found.warnings) io.print(renderWarning(warning, file, io))
  for (const { line, column, path, message, hint } of found.problems) {
    const subject = path === '' ? '' : `${path}: `
    const remedy = hint === null ? '' : ` (${hint})`
    const told = printable(`${file}:${line}:${column} ${subject}${message}${remedy}`)
    io.print(`${io.style.red('✗')} ${told}`)
  }
  if (found.valid) {
    const budget = found.budget_ms === null ? '' : `, budget ${found.budget_ms} ms`
    const worst = found.worst_case_ms === null ? '' : `, at worst ${found.worst_case_ms} ms`
    io.print(`${io.style.green('✓')} ${name} ${found.version}${budget}${worst}`)
  }
  return code
}

function nameOf(file: string): string {
  const [, stem] = ENDING.exec(basename(file)) ?? []
  if (stem !== undefined) return stem
  throw new CliError(`"${file}" does not end with .yaml`, [
    'Only YAML can be published; TypeScript belongs into the workflows folder of the server.',
  ])
}

/** Of what is published; a file of the server's is left to the server to refuse. */
async function findVersion(client: Client, name: string): Promise<string | undefined> {
  try {
    const { origin, version } = await client.call('getWorkflow', { params: { name } })
    return origin === 'published' ? version : undefined
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof ApiError && error.code === 'version_conflict') {
    const { detail = '' } = error.problem ?? {}
    return new CliError(detail, ['Look at what is there now, then say --from <version>'])
  }
  return explainFaults(error, file)
}

function renderWarning({ line, column, agent, message }: WorkflowWarning, file: string, io: Io) {
  const place = line === null ? '' : `${file}:${line}:${column} `
  const who = agent === null ? '' : `agent "${agent.name}": `
  return `${io.style.yellow('!')} ${printable(`${place}${who}${message}`)}`
}
