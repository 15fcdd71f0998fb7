import type { Call, TranscriptEntryInput } from '@bookend/contract'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const NUMBER = '+15550100900'

const after = `
import { journey } from '@bookend/sdk'
export default journey('after', { on: 'call.completed', run: async () => undefined })
`
const own = `
import { journey } from '@bookend/sdk'
export default journey('own', { on: 'sms.received', run: async () => undefined })
`

let server: TestServer

beforeAll(async () => {
  server = await testServer({ workflows: { 'after.journey.ts': after, 'own.journey.ts': own } })
  const agent = await server.client.call('createAgent', { body: { name: 'Front' } })
  const { id } = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
})
afterAll(async () => await server[Symbol.asyncDispose]())

type Report =
  | { readonly kind: 'complete' }
  | { readonly kind: 'entry'; readonly entry: TranscriptEntryInput }

const entryOf = (sequence: number, final: boolean): Report => ({
  kind: 'entry',
  entry: {
    sequence,
    role: 'user',
    text: `${final ? 'final' : 'interim'} ${sequence}`,
    final,
    function_name: null,
    arguments: null,
  } as TranscriptEntryInput,
})

async function begin(): Promise<string> {
  const body = { from_number: '+15550100001', to_number: NUMBER }
  return (await server.client.call('inboundCall', { body })).call.uuid
}

const tell = (id: string, report: Report): Promise<unknown> =>
  report.kind === 'complete'
    ? server.client.call('completeCall', { params: { id }, body: { ended_reason: 'hung up' } })
    : server.client.call('appendTranscript', { params: { id }, body: { entries: [report.entry] } })

async function endState(id: string) {
  const call: Call = await server.client.call('getCall', { params: { id } })
  const { events, journeys } = await server.client.call('getCallTrace', { params: { id } })
  return {
    status: call.status,
    endedReason: call.ended_reason,
    texts: call.transcripts.map(({ sequence, text }) => [sequence, text]),
    ends: events.filter(({ event_type }) => event_type === 'call.completed').length,
    journeys: journeys.length,
  }
}

const finality = fc.constantFrom([true], [false], [false, true])
const history = fc
  .array(finality, { minLength: 1, maxLength: 4 })
  .chain((entries) => {
    const once = entries.flatMap((finals, at) => finals.map((final) => entryOf(at, final)))
    const reports: Report[] = [...once, { kind: 'complete' }]
    // Each report at least once, some of them again.
    const indices = fc.array(fc.nat(reports.length - 1), { maxLength: 4 })
    return indices.map((again) => [...reports, ...again.flatMap((at) => reports[at] ?? [])])
  })
  .chain((reports) => {
    const length = reports.length
    const shuffled = fc.shuffledSubarray(reports, { minLength: length, maxLength: length })
    return fc.tuple(shuffled, shuffled)
  })

test('a call ends the same, in whatever order and company its reports come (F22, J6)', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ([first, second]) => {
      const [inLine, atOnce] = [await begin(), await begin()]
      for (const report of first) await tell(inLine, report)
      await Promise.all(second.map((report) => tell(atOnce, report)))
      const [one, other] = [await endState(inLine), await endState(atOnce)]
      expect(other).toEqual(one)
      expect(one).toMatchObject({ status: 'completed', ends: 1, journeys: 1 })
      const sequences = new Set(
        first.flatMap((report) => (report.kind === 'entry' ? [report.entry.sequence] : [])),
      )
      expect(one.texts).toHaveLength(sequences.size)
    }),
    { numRuns: 25 },
  )
}, 120_000)

test('one event reported 64 times at the same moment is one event and one run (F21, J2)', async () => {
  const body = { event_type: 'sms.received', event_id: 'sms-64', payload: { text: '5' } }
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => server.client.call('createEvent', { body })),
  )
  expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
  const runs = await query(server.database, "select id from bookend.runs where workflow = 'own'")
  expect(runs).toHaveLength(1)
})

test('eight events reported eight times each at the same moment are eight events (F21, O2)', async () => {
  const ids = Array.from({ length: 64 }, (_, at) => `many-${at % 8}`)
  const answers = await Promise.all(
    ids.map((event_id) =>
      server.client.call('createEvent', { body: { event_type: 'sms.received', event_id } }),
    ),
  )
  const fresh = answers.filter(({ duplicate }) => !duplicate).map(({ event_id }) => event_id)
  expect(fresh.toSorted()).toEqual([...new Set(ids)].toSorted())
})

test('an id that is another event’s is refused, and those beside it are stored', async () => {
  const [stored] = (await query(
    server.database,
    "select id from bookend.events where type = 'call.started' limit 1",
  )) as { id: string }[]
  const create = (event_id: string) =>
    server.client.call('createEvent', { body: { event_type: 'sms.received', event_id } })
  const results = await Promise.allSettled([
    create('beside-1'),
    create(stored?.id ?? ''),
    create('beside-2'),
    create('beside-1'),
  ])
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  expect(results[1]).toMatchObject({ reason: { status: 409 } })
})

test('a report of a call that is not there costs those beside it nothing', async () => {
  const id = await begin()
  const unknown = '01990000-0000-7000-8000-00000000dead'
  const results = await Promise.allSettled([
    tell(id, entryOf(0, true)),
    tell(unknown, entryOf(0, true)),
    tell(id, { kind: 'complete' }),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: { status: 404 } })
  expect(await endState(id)).toMatchObject({ status: 'completed', texts: [[0, 'final 0']] })
})
