import type { EventRecord, JsonObject } from '@bookend/contract'
import { randomUUID } from 'node:crypto'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { follow, followArg } from '../follow/follow.ts'
import { renderInstant } from '../render/instant.ts'
import { renderTable } from '../render/table.ts'
import { padEnd, printable } from '../terminal/text.ts'
import { findRepeated } from './find-repeated.ts'
import { parseLimit } from './parse-limit.ts'
import { parseMoment, sinceArg } from './parse-moment.ts'
import { parseSettings } from './parse-settings.ts'

const LOOK_EVERY_MS = 1_000
const TYPE_COLUMNS = 24

const list = command({
  description: 'List events, newest first',
  args: {
    type: { type: 'string', valueHint: 'type', description: 'Only such as call.completed' },
    call: { type: 'string', valueHint: 'id', description: 'Only of this call' },
    since: sinceArg,
    limit: { type: 'string', default: '20', valueHint: 'count', description: 'At most 200' },
    follow: followArg,
    json: { type: 'boolean', description: 'As JSON; with --follow one document a line' },
    ...connectionArgs,
  },
  examples: [
    'bookend events',
    'bookend events --type call.completed --since 2h',
    'bookend events -f --json | jq .event_type',
  ],
  async run(args, io) {
    const query = {
      limit: parseLimit(args.limit),
      ...(args.type === undefined ? {} : { event_type: args.type }),
      ...(args.call === undefined ? {} : { call_id: args.call }),
      ...(args.since === undefined ? {} : { since: parseMoment(args.since, '--since') }),
    }
    const { client } = connect(args, io)
    if (args.follow === true) {
      // Not every event changes a record that the stream tells of, so there is a look by the clock.
      return await follow<EventRecord>(args, io, ['calls', 'runs', 'deliveries'], {
        everyMs: LOOK_EVERY_MS,
        look: async () => (await client.call('listEvents', { query })).events.toReversed(),
        stateOf: ({ event_id: id }) => ({ id, state: '' }),
        tell: (event) => io.print(args.json ? JSON.stringify(event) : renderLine(event)),
      })
    }
    const found = await client.call('listEvents', { query })
    if (args.json) return io.print(JSON.stringify(found, null, 2))
    if (found.events.length === 0) return io.print('No event of that kind.')
    const heading = ['stored (UTC)', 'type', 'call', 'event']
    for (const line of renderTable(heading, found.events.map(cellsOf), io.style)) io.print(line)
    if (found.next_cursor !== null) io.print(io.style.dim('There are more; raise --limit.'))
  },
})

const cellsOf = (event: EventRecord): string[] => [
  renderInstant(event.created_at),
  event.event_type,
  event.call_id ?? '',
  event.event_id,
]

function renderLine(event: EventRecord): string {
  const [at = '', type = '', , id = ''] = cellsOf(event)
  return `${at}  ${padEnd(printable(type), TYPE_COLUMNS)}  ${printable(id)}`
}

const show = command({
  description: 'Show an event and what it says',
  args: {
    id: { type: 'positional', required: true, description: 'The id of an event, from the list' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: ['bookend events show evt_0192f3a47c1170008000000000000001'],
  async run(args, io) {
    const { client } = connect(args, io)
    const event = await client.call('getEvent', { params: { event_id: args.id } })
    if (args.json) return io.print(JSON.stringify(event, null, 2))
    io.print(io.style.bold(printable(event.event_type)))
    io.print(`stored ${renderInstant(event.created_at)} UTC`)
    if (event.call_id !== null) io.print(`of call ${event.call_id}`)
    for (const line of JSON.stringify(event.payload, null, 2).split('\n')) io.print(printable(line))
  },
})

const send = command({
  description: 'Store an event of your own: journeys begin with it, webhooks tell of it',
  args: {
    type: { type: 'positional', required: true, description: 'Such as sms.received' },
    set: {
      type: 'string',
      valueHint: 'name=value',
      description: 'A field of what it says; may be repeated',
    },
    id: {
      type: 'string',
      valueHint: 'id',
      description: 'The same event is stored once; else a new one each time',
    },
    ...connectionArgs,
  },
  examples: ['bookend events send sms.received --set from=+15550100001 --set text=5'],
  async run(args, io, words) {
    const payload = parseSettings(findRepeated(words, 'set')) as JsonObject
    const { client } = connect(args, io)
    const body = { event_type: args.type, event_id: args.id ?? randomUUID(), payload }
    const { event_id: id, duplicate } = await client.call('createEvent', { body })
    io.print(id)
    if (duplicate) io.complain('It was stored before; nothing is done twice.')
  },
})

export const events: CommandGroup = {
  description: 'List, show and send events',
  examples: [
    'bookend events                    the newest',
    'bookend events -f                 as they come',
    'bookend events send sms.received --set text=5',
  ],
  commands: { list, show, send },
  otherwise: list,
}
