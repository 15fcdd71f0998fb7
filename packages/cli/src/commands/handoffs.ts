import type { Handoff, JsonObject } from '@bookend/contract'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { renderTable } from '../render/table.ts'
import { printable } from '../terminal/text.ts'
import { findRepeated } from './find-repeated.ts'
import { parseLimit } from './parse-limit.ts'
import { parseSettings } from './parse-settings.ts'

const MINUTE_MS = 60_000

const list = command({
  description: 'List decisions that wait for people, the most urgent first',
  args: {
    assign: { type: 'string', valueHint: 'name', description: 'Only of this person or team' },
    snoozed: { type: 'boolean', description: 'Also those that are put off' },
    limit: { type: 'string', default: '20', valueHint: 'count', description: 'At most 200' },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: ['bookend handoffs', 'bookend handoffs --assign team:support-leads'],
  async run(args, io) {
    const query = {
      limit: parseLimit(args.limit),
      snoozed: args.snoozed === true ? ('true' as const) : ('false' as const),
      ...(args.assign === undefined ? {} : { assign: args.assign }),
    }
    const { client } = connect(args, io)
    const answer = await client.call('listHandoffs', { query })
    if (args.json) return io.print(JSON.stringify(answer, null, 2))
    if (answer.handoffs.length === 0) return io.print('Nothing waits for a person.')
    const now = Date.now()
    const rows = answer.handoffs.map((handoff) => [
      renderLeft(Date.parse(handoff.due_at) - now),
      printable(handoff.title),
      printable(handoff.claimed_by ?? handoff.assign ?? ''),
      handoff.id,
    ])
    const heading = ['left', 'what', 'whose', 'handoff']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
    if (answer.next_cursor !== null) io.print(io.style.dim('There are more; raise --limit.'))
  },
})

const id = {
  type: 'positional',
  required: true,
  description: 'The id of a handoff, from the list',
} as const
const by = {
  type: 'string',
  valueHint: 'name',
  description: 'Who does it; the label of the key when left out',
} as const

const show = command({
  description: 'Show a handoff and what its form asks',
  args: { id, json: { type: 'boolean', description: 'As JSON' }, ...connectionArgs },
  examples: ['bookend handoffs show 0192f3a4-7c11-7000-8000-000000000001'],
  async run(args, io) {
    const { client } = connect(args, io)
    const handoff = await client.call('getHandoff', { params: { id: args.id } })
    if (args.json) return io.print(JSON.stringify(handoff, null, 2))
    io.print(io.style.bold(printable(handoff.title)))
    io.print(`${handoff.status}, due ${handoff.due_at.slice(0, 16).replace('T', ' ')} UTC`)
    for (const line of renderForm(handoff)) io.print(`  ${printable(line)}`)
  },
})

const answer = command({
  description: 'Answer a handoff; the journey goes on with it',
  args: {
    id,
    set: {
      type: 'string',
      required: true,
      valueHint: 'field=value',
      description: 'A field of its form; may be repeated',
    },
    by,
    ...connectionArgs,
  },
  examples: [
    'bookend handoffs answer 0192f3a4-7c11-7000-8000-000000000001 --set decision=call-back --by Ben',
  ],
  async run(args, io, words) {
    const given = parseSettings(findRepeated(words, 'set')) as JsonObject
    const { client } = connect(args, io)
    const body = { answer: given, ...(args.by === undefined ? {} : { by: args.by }) }
    const handoff = await client.call('answerHandoff', { params: { id: args.id }, body })
    io.print(`Answered by ${printable(handoff.answered_by ?? '')}; ${handoff.workflow} goes on.`)
  },
})

const link = command({
  description: 'Print a link by which whoever it is assigned to answers without an account',
  args: { id, ...connectionArgs },
  examples: ['bookend handoffs link 0192f3a4-7c11-7000-8000-000000000001'],
  async run(args, io) {
    const { client } = connect(args, io)
    const { url, expires_at, assign } = await client.call('linkHandoff', {
      params: { id: args.id },
    })
    io.print(url)
    const whose = assign === null ? 'whoever has it' : printable(assign)
    io.complain(`For ${whose}, until ${expires_at.slice(0, 16).replace('T', ' ')} UTC.`)
  },
})

export const handoffs: CommandGroup = {
  description: 'List and answer decisions that journeys hand to people',
  examples: ['bookend handoffs', 'bookend handoffs answer <id> --set decision=email'],
  commands: { list, show, answer, link },
  otherwise: list,
}

function renderLeft(leftMs: number): string {
  const minutes = Math.floor(Math.max(0, leftMs) / MINUTE_MS)
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.floor(hours / 24)} d`
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`
}

interface Field {
  readonly type?: string
  readonly enum?: readonly unknown[]
}

function renderForm({ form }: Handoff): string[] {
  const { properties = {}, required = [] } = form as {
    properties?: Record<string, Field>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, field]) => {
    const kind = field.enum?.map(String).join(' | ') ?? field.type ?? 'value'
    return `${name}: ${kind}${required.includes(name) ? '' : ' (may be left out)'}`
  })
}
