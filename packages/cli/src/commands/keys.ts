import { scopes, type Scope } from '@bookend/contract'
import { CliError } from '../cli-error.ts'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { renderTable } from '../render/table.ts'
import { findRepeated } from './find-repeated.ts'

const create = command({
  description: 'Make an API key; its value is shown once',
  args: {
    scope: {
      type: 'string',
      required: true,
      valueHint: scopes.join('|'),
      description: 'What it may do; may be repeated, or parted by commas',
    },
    label: { type: 'string', valueHint: 'text', description: 'What it is for' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: [
    'bookend keys create --scope calls --label "SIP server"',
    'bookend keys create --scope read,calls',
  ],
  async run(args, io, words) {
    const wanted = parseScopes(findRepeated(words, 'scope'))
    const { client } = connect(args, io)
    const { label = '' } = args
    const made = await client.call('createKey', { body: { scopes: wanted, label } })
    if (args.json) return io.print(JSON.stringify(made, null, 2))
    io.print(made.key)
    io.complain(`Key ${made.id} may: ${made.scopes.join(', ')}. It is not shown again.`)
  },
})

const list = command({
  description: 'List API keys; their values are not kept',
  args: { json: { type: 'boolean', description: 'As JSON' }, ...connectionArgs },
  examples: ['bookend keys list'],
  async run(args, io) {
    const { client } = connect(args, io)
    const answer = await client.call('listKeys', {})
    if (args.json) return io.print(JSON.stringify(answer, null, 2))
    const minute = (at: string | null): string => at?.slice(0, 16).replace('T', ' ') ?? 'never'
    const rows = answer.keys.map((key) => [
      key.id,
      key.label,
      key.scopes.join(', '),
      minute(key.created_at),
      minute(key.last_used_at),
    ])
    const heading = ['key', 'label', 'may', 'made (UTC)', 'last used (UTC)']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
  },
})

const revoke = command({
  description: 'Revoke an API key; what uses it is refused from then on',
  args: {
    id: {
      type: 'positional',
      required: true,
      description: 'The 12 characters between the underscores of a key',
    },
    ...connectionArgs,
  },
  examples: ['bookend keys revoke k3y1d0000abc'],
  async run(args, io) {
    const { client } = connect(args, io)
    await client.call('deleteKey', { params: { id: args.id } })
    io.print(`Key ${args.id} is revoked.`)
  },
})

export const keys: CommandGroup = {
  description: 'Make, list and revoke API keys',
  examples: ['bookend keys list', 'bookend keys create --scope read'],
  commands: { create, list, revoke },
}

function parseScopes(given: readonly string[]): Scope[] {
  const wanted = given.flatMap((value) => value.split(',')).map((value) => value.trim())
  const unknown = wanted.find((scope) => !(scopes as readonly string[]).includes(scope))
  if (unknown !== undefined) {
    throw new CliError(`There is no scope "${unknown}"; choose from ${scopes.join(', ')}`)
  }
  return [...new Set(wanted)] as Scope[]
}
