import type { Delivery } from '@bookend/contract'
import { deliveryStatuses } from '@bookend/contract'
import { CliError } from '../cli-error.ts'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { follow, followArg } from '../follow/follow.ts'
import { renderDelivery } from '../render/delivery.ts'
import { renderInstant } from '../render/instant.ts'
import { renderLogEntry } from '../render/log-entry.ts'
import { lookOfDelivery } from '../render/states.ts'
import { renderTable } from '../render/table.ts'
import { fit, printable } from '../terminal/text.ts'
import { replay, resend } from './deliveries-again.ts'
import { parseLimit } from './parse-limit.ts'
import { parseMoment, sinceArg } from './parse-moment.ts'

const list = command({
  description: 'List what was sent to webhooks, newest first',
  args: {
    status: {
      type: 'string',
      valueHint: 'status',
      description: `Only ${deliveryStatuses.join(', ')}`,
    },
    webhook: { type: 'string', valueHint: 'id', description: 'Only to this endpoint' },
    type: { type: 'string', valueHint: 'type', description: 'Only such as call.completed' },
    since: sinceArg,
    limit: { type: 'string', default: '20', valueHint: 'count', description: 'At most 200' },
    follow: followArg,
    json: { type: 'boolean', description: 'As JSON; with --follow one document a line' },
    ...connectionArgs,
  },
  examples: [
    'bookend deliveries',
    'bookend deliveries --status dead --since 1d',
    'bookend deliveries -f',
  ],
  async run(args, io) {
    const status = parseStatus(args.status)
    const query = {
      limit: parseLimit(args.limit),
      ...(status === undefined ? {} : { status }),
      ...(args.webhook === undefined ? {} : { endpoint_id: args.webhook }),
      ...(args.type === undefined ? {} : { event_type: args.type }),
      ...(args.since === undefined ? {} : { since: parseMoment(args.since, '--since') }),
    }
    const { client } = connect(args, io)
    if (args.follow === true) {
      return await follow<Delivery>(args, io, ['deliveries'], {
        look: async () =>
          (await client.call('searchDeliveries', { query })).deliveries.toReversed(),
        stateOf: ({ id, status, attempts }) => ({ id, state: `${status} ${attempts}` }),
        tell(record) {
          if (args.json) return io.print(JSON.stringify(record))
          const at = record.attempt_log.at(-1)?.started_at ?? record.created_at
          for (const line of renderLogEntry({ kind: 'delivery', at, record }, io)) io.print(line)
        },
      })
    }
    const found = await client.call('searchDeliveries', { query })
    if (args.json) return io.print(JSON.stringify(found, null, 2))
    if (found.deliveries.length === 0) return io.print('Nothing of that kind was sent.')
    const heading = ['state', 'event', 'made (UTC)', 'tries', 'answer', 'delivery']
    const [first, ...lines] = renderTable(heading, found.deliveries.map(cellsOf), io.style)
    io.print(first ?? '')
    for (const [index, { status, last_error: error }] of found.deliveries.entries()) {
      io.print(lines[index] ?? '')
      if (status === 'delivered' || error === null) continue
      io.print(`  ${io.style.red(fit(`↳ ${printable(error)}`, io.columns - 2))}`)
    }
    if (found.next_cursor !== null) io.print(io.style.dim('There are more; raise --limit.'))
  },
})

function parseStatus(text: string | undefined): Delivery['status'] | undefined {
  if (text === undefined) return undefined
  const status = deliveryStatuses.find((one) => one === text)
  if (status !== undefined) return status
  throw new CliError(`There is no status "${text}"; there are ${deliveryStatuses.join(', ')}`)
}

function cellsOf(delivery: Delivery): string[] {
  const { glyph, word } = lookOfDelivery(delivery.status)
  return [
    `${glyph} ${word}`,
    delivery.event_type,
    renderInstant(delivery.created_at),
    String(delivery.attempts),
    String(delivery.last_status ?? ''),
    delivery.id,
  ]
}

const show = command({
  description: 'Show a delivery: its attempts, where their time went, what was answered',
  args: {
    id: { type: 'positional', required: true, description: 'The id of a delivery, from the list' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: ['bookend deliveries show 0192f3a4-7c11-7000-8000-000000000001'],
  async run(args, io) {
    const { client } = connect(args, io)
    const delivery = await client.call('getDelivery', { params: { id: args.id } })
    if (args.json) return io.print(JSON.stringify(delivery, null, 2))
    for (const line of renderDelivery(delivery, io)) io.print(line)
  },
})

export const deliveries: CommandGroup = {
  description: 'List what was sent to webhooks, and send it again',
  examples: [
    'bookend deliveries                the newest',
    'bookend deliveries --status dead  those that were given up',
    'bookend deliveries resend <id>',
  ],
  commands: { list, show, resend, replay },
  otherwise: list,
}
