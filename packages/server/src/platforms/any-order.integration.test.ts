// The deliveries of one call in every order, each more than once: one record, the same events (H1, J6).

import { loadFixture } from '@bookend/platforms/testing'
import type { VoicePlatformId } from '@bookend/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { platformBench } from '../testing/platform-bench.ts'
import { testServer, type TestServer } from '../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Story {
  readonly platform: VoicePlatformId
  readonly events: readonly string[]
  /** Ids of the call in the samples. */
  readonly ids: readonly string[]
  readonly emitted: readonly string[]
}

const stories: readonly Story[] = [
  {
    platform: 'retell',
    events: ['call_started', 'call_ended', 'call_analyzed', 'transcript_updated'],
    ids: ['call_5b2f0c9d7a1e4f3380aa'],
    emitted: ['call.analyzed', 'call.completed', 'call.started', 'call.transcript_update'],
  },
  {
    platform: 'vapi',
    events: [
      'status-update.in-progress',
      'transcript.final',
      'status-update.ended',
      'end-of-call-report',
    ],
    ids: ['0f5f8b2c-6a0d-4b6e-9a5e-1d2c3b4a5f60'],
    emitted: ['call.analyzed', 'call.completed', 'call.started', 'call.transcript_update'],
  },
  {
    platform: 'livekit',
    events: ['participant_joined.sip', 'participant_left.sip', 'room_finished'],
    ids: [
      'RM_testroom0001',
      'call-_+447700900142_x1',
      'SCL_test0001',
      'EV_test0001',
      'EV_test0003',
      'EV_test0004',
    ],
    emitted: ['call.completed', 'call.started'],
  },
  {
    platform: 'telnyx',
    events: [
      'call.answered',
      'call.transcription',
      'call.conversation.ended',
      'call.hangup',
      'call.conversation_insights.generated',
    ],
    ids: [
      'v3:Qm9va2VuZC10ZXN0LWNhbGwtY29udHJvbC1pZA',
      '428c31b6-7af4-4bcb-b7f5-5013ef9657c1',
      '428c31b6-abcd-4bcb-b7f5-5013ef9657c1',
      '0a1b2c3d-1111-4222-8333-444455556666',
      '0ccc7b54-4df3-4bca-a65a-3da1ecc7770',
    ],
    emitted: ['call.analyzed', 'call.completed', 'call.started', 'call.transcript_update'],
  },
]

const orders = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  list.length < 2
    ? [list]
    : list.flatMap((one, at) => orders(list.toSpliced(at, 1)).map((rest) => [one, ...rest]))

/** Every fifth order where there are many. */
const someOrders = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  orders(list).filter((_, at) => list.length < 5 || at % 5 === 0)

interface Stored {
  readonly call: object
  readonly said: unknown
  readonly events: readonly string[]
}

const ORDERED = `select c.id, to_jsonb(c) - '{id,number,created_at,external_identifiers}'::text[] as call,
    (select jsonb_agg(to_jsonb(t) - '{call_id,received_at,revision}'::text[] order by t.sequence)
     from transcript_entries t where t.workspace_id = c.workspace_id and t.call_id = c.id) as said,
    (select jsonb_agg(e.type order by e.type) from events e
     where e.workspace_id = c.workspace_id and e.call_id = c.id) as events
  from calls c where c.external_identifiers ->> 'platform_connection' = $1`

test.each(stories)('$platform: any order comes to the same', async (story) => {
  const { platform, events, emitted } = story
  const name = 'orders'
  const { options } = loadFixture(platform, `event.${events[0] ?? ''}`)
  const bench = platformBench(server, platform, name, options)
  expect((await bench.connect()).status).toBe(201)
  const all = someOrders(events)
  await Promise.all(
    [0, 1, 2, 3].map(async (lane) => {
      for (const [at, order] of all.entries()) {
        if (at % 4 === lane) await tell(bench, story, order, at)
      }
    }),
  )
  const calls = (await query(server.database, ORDERED, [
    `${platform}/${name}`,
  ])) as readonly Stored[]
  expect(calls.length).toBe(all.length)
  const records = new Set(calls.map(({ call, said }) => JSON.stringify({ call, said })))
  expect([...records]).toHaveLength(1)
  for (const { events: types } of calls) expect(types).toEqual(emitted)
})

async function tell(
  bench: ReturnType<typeof platformBench>,
  { platform, ids }: Story,
  order: readonly string[],
  at: number,
): Promise<void> {
  const send = async (event: string): Promise<void> => {
    const { request } = loadFixture(platform, `event.${event}`)
    if (request === undefined) throw new Error(`no ${event}`)
    let { body } = request
    for (const id of ids) body = body.replaceAll(id, `${id}-${at}`)
    const contentType = request.headers['content-type'] ?? 'application/json'
    const answer = await bench.send({ door: 'events', body, contentType })
    expect(answer.status).toBe(200)
  }
  // Every second call hears each delivery twice, every third one all of them at once.
  if (at % 3 === 2) await Promise.all([...order, ...order].map(send))
  else for (const event of order) for (const _ of at % 2 === 0 ? [1, 2] : [1]) await send(event)
}
