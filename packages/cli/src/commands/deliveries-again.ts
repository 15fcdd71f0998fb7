// `bookend deliveries resend|replay`: what is to be sent once more. Of many, what it would be is counted
// first, and sent with --yes only.

import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { printable } from '../terminal/text.ts'
import { parseMoment } from './parse-moment.ts'

const webhook = { type: 'string', valueHint: 'id', description: 'To this endpoint' } as const
const type = {
  type: 'string',
  valueHint: 'type',
  description: 'Only such as call.completed',
} as const
const since = {
  type: 'string',
  valueHint: 'age',
  description: 'What is not older: 90m, 2h, 3d or an instant',
} as const

export const resend = command({
  description: 'Send a delivery again, or those to an endpoint that were given up',
  args: {
    id: { type: 'positional', required: false, description: 'The id of a delivery, from the list' },
    webhook,
    type,
    since,
    ...connectionArgs,
  },
  examples: [
    'bookend deliveries resend 0192f3a4-7c11-7000-8000-000000000001',
    'bookend deliveries resend --webhook 0192f3a4-7c11-7000-8000-000000000002 --since 1d',
  ],
  async run(args, io) {
    if ((args.id === undefined) === (args.webhook === undefined)) {
      throw new CliError('Say which: the id of a delivery, or --webhook')
    }
    const { client } = connect(args, io)
    if (args.id !== undefined) {
      const { event_type: sent } = await client.call('resendDelivery', { params: { id: args.id } })
      return io.print(`${printable(sent)} is sent again, under the same event id.`)
    }
    const body = {
      ...(args.type === undefined ? {} : { event_types: [args.type] }),
      ...(args.since === undefined ? {} : { since: parseMoment(args.since, '--since') }),
    }
    const params = { endpoint_id: args.webhook ?? '' }
    const { count, remaining } = await client.call('resendDead', { params, body })
    io.print(`${count} sent again; ${remaining} of that kind are still given up.`)
  },
})

export const replay = command({
  description: 'Send the events of a time to an endpoint once more, under the same ids',
  args: {
    webhook: { ...webhook, required: true },
    since: { ...since, required: true },
    until: { type: 'string', valueHint: 'age', description: 'What is older' },
    type,
    missed: { type: 'boolean', description: 'Only what was not delivered' },
    yes: { type: 'boolean', description: 'Do it; without, they are only counted' },
    ...connectionArgs,
  },
  examples: [
    'bookend deliveries replay --webhook 0192f3a4-7c11-7000-8000-000000000002 --since 2h --missed --yes',
  ],
  async run(args, io) {
    const { client } = connect(args, io)
    const isDone = args.yes === true
    const body = {
      since: parseMoment(args.since, '--since'),
      ...(args.until === undefined ? {} : { until: parseMoment(args.until, '--until') }),
      ...(args.type === undefined ? {} : { event_types: [args.type] }),
      missed_only: args.missed === true,
      dry_run: !isDone,
    }
    const params = { endpoint_id: args.webhook }
    const { count, next_since: next } = await client.call('replayWebhook', { params, body })
    io.print(
      `${count} ${count === 1 ? 'event' : 'events'} ${isDone ? 'sent' : 'would be sent'} again.`,
    )
    if (next !== null) io.print(`There are more; go on with --since ${next}`)
    if (!isDone && count > 0) io.print('Nothing is sent yet; type it again with --yes.')
  },
})
