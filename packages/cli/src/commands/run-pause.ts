// `bookend runs pause|resume`: a journey, or a connection named `<connector>/<connection>`.

import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { printable } from '../terminal/text.ts'

const what = {
  type: 'positional',
  required: true,
  description: 'A journey, or a connection such as smtp/main',
} as const

function parseWhat(name: string) {
  const [connector = '', connection, ...others] = name.split('/')
  if (connection === undefined) return { kind: 'workflow', params: { name } } as const
  if (connector !== '' && connection !== '' && others.length === 0) {
    return { kind: 'connection', params: { connector, connection } } as const
  }
  throw new CliError(`"${name}" is neither a journey nor a connection such as smtp/main`)
}

export const pause = command({
  description: 'Hold a journey, or whatever asks a connection, until it is resumed',
  args: {
    what,
    reason: { type: 'string', valueHint: 'text', description: 'For whoever finds it paused' },
    by: { type: 'string', valueHint: 'name', description: 'Who does it' },
    ...connectionArgs,
  },
  examples: [
    'bookend runs pause after-visit --reason "wrong template"',
    'bookend runs pause smtp/main',
  ],
  async run(args, io) {
    const { client } = connect(args, io)
    const { kind, params } = parseWhat(args.what)
    const body = {
      ...(args.reason === undefined ? {} : { reason: args.reason }),
      ...(args.by === undefined ? {} : { by: args.by }),
    }
    const paused =
      kind === 'workflow'
        ? await client.call('pauseWorkflow', { params, body })
        : await client.call('pauseConnection', { params, body })
    io.print(`${printable(paused.name)} is paused; go on with: bookend runs resume ${args.what}`)
  },
})

export const resume = command({
  description: 'Let a paused journey or connection go on',
  args: { what, ...connectionArgs },
  examples: ['bookend runs resume after-visit', 'bookend runs resume smtp/main'],
  async run(args, io) {
    const { client } = connect(args, io)
    const { kind, params } = parseWhat(args.what)
    if (kind === 'workflow') await client.call('resumeWorkflow', { params })
    else await client.call('resumeConnection', { params })
    io.print(`${printable(args.what)} goes on.`)
  },
})
