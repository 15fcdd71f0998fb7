// Events, while the server is killed and its database crashes under it; then the count.
//
//   driver ─▶ event, again until it is acknowledged ─▶ bookend, killed and started again
//     │ acknowledged                                        │ its database, crashed
//     ▼                                                     ▼
//   list ◀──────────────── compared ──────────────▶ sink: what a subscriber heard
//
// I1. What was acknowledged is heard, and nothing else is.
// I2. One event is one effect: a journey's answer to it comes under one id, however often its
//     process died.
// I6. Everything is heard within a bounded time after the last fault.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, type Client } from '@bookend/sdk/client'
import { openPlace, type Place } from '../testing/place.ts'
import { query } from '../testing/practice.ts'
import type { Running } from '../testing/process.ts'
import { openSink, type Sink } from './sink.ts'

export interface StormOptions {
  readonly events: number
  /** SIGKILLs of the server, each at a random moment. */
  readonly kills: number
  /** Crashes of its database, each at a random moment: every connection lost, recovery from the log. */
  readonly crashes: number
  readonly seed: number
  readonly say?: (line: string) => void
}

export interface StormResult {
  readonly acknowledged: number
  /** Acknowledged and not heard. */
  readonly lost: readonly string[]
  /** Heard and never sent. */
  readonly unknown: readonly string[]
  /** Events that a journey answered more than once, or not at all. */
  readonly echoesWrong: readonly string[]
  readonly changed: readonly string[]
  /** Sends beyond the first of each event. */
  readonly resends: number
  /** Of a request, refused ones and those cut off included. */
  readonly tries: number
  readonly tookMs: number
}

const CLI = 'packages/cli/bin/bookend.mjs'
const SENDERS = 32
/** One event in so many is answered by a journey. */
const ECHO_EVERY = 20
/** Without anything heard, once all is acknowledged: longer than a lease, and than a first retry. */
const PATIENCE_MS = 60_000

const echo = `
import { journey } from '@bookend/sdk'
export default journey('echo', {
  on: 'storm.call',
  async run({ event, step, emit }) {
    const n = await step('read', () => event.payload.n)
    await emit('answer', 'storm.echo', { n })
  },
})
`

export async function runStorm(options: StormOptions): Promise<StormResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-storm-'))
  await writeFile(join(folder, 'echo.journey.ts'), echo)
  try {
    await using sink = await openSink()
    await using place = await openPlace({
      BOOKEND_WORKFLOWS: folder,
      BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
      BOOKEND_LOG_LEVEL: 'warn',
    })
    return await storm(options, place, sink)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function storm(
  { events, kills, crashes, seed, say = () => undefined }: StormOptions,
  place: Place,
  sink: Sink,
): Promise<StormResult> {
  const startedMs = performance.now()
  let server = await start(place)
  const client = createClient({ baseUrl: place.url, key: await place.key() })
  await subscribe(client, sink)
  const acknowledged = new Set<string>()
  let next = 0
  let tries = 0

  const send = async (): Promise<void> => {
    for (let n = next++; n < events; n = next++) {
      const event_id = `storm-${n}`
      const event_type = n % ECHO_EVERY === 0 ? 'storm.call' : 'storm.event'
      for (;;) {
        tries += 1
        try {
          await client.call('createEvent', { body: { event_type, event_id, payload: { n } } })
          break
        } catch {
          await pause(50 + Math.random() * 100)
        }
      }
      acknowledged.add(event_id)
    }
  }
  const sending = Promise.all(Array.from({ length: SENDERS }, send))

  for (const { kind, after } of planFaults(events, kills, crashes, seed)) {
    while (acknowledged.size < after) await pause(5)
    if (kind === 'kill') {
      await server.end('SIGKILL')
      say(`killed after ${acknowledged.size} acknowledged, ${sink.heard.size} heard`)
      server = await start(place)
    } else {
      await crashDatabase(place)
      say(`database crashed after ${acknowledged.size} acknowledged, ${sink.heard.size} heard`)
    }
  }
  await sending
  say(`all ${acknowledged.size} acknowledged`)
  await untilSilent(sink, events + Math.ceil(events / ECHO_EVERY))
  // Whatever would be heard twice has had the time in which a lease ends.
  await pause(1_000)
  return judge(sink, acknowledged, { tries, tookMs: performance.now() - startedMs })
}

/** Resolves when that many were heard, or none for long (I6). */
async function untilSilent(sink: Sink, count: number): Promise<void> {
  let heard = -1
  for (let silentMs = 0; silentMs < PATIENCE_MS; silentMs += 100) {
    if (sink.heard.size >= count) return
    if (sink.heard.size > heard) silentMs = 0
    heard = sink.heard.size
    await pause(100)
  }
}

async function start(place: Place): Promise<Running> {
  const running = place.launch([CLI, 'start'])
  await running.line(/^ready /)
  return running
}

async function subscribe(client: Client, sink: Sink): Promise<void> {
  const event_types = ['storm.event', 'storm.call', 'storm.echo']
  await client.call('createWebhook', { body: { url: sink.url, event_types } })
}

/** One of its processes killed is a crash of all: PostgreSQL ends every connection and recovers. */
async function crashDatabase(place: Place): Promise<void> {
  const [backend] = await query<{ pid: number }>(
    place,
    `select pid from pg_stat_activity
     where application_name = 'bookend' and pid <> pg_backend_pid() limit 1`,
  )
  if (backend === undefined) throw new Error('The server has no connection to its database')
  process.kill(backend.pid, 'SIGKILL')
}

interface Fault {
  readonly kind: 'kill' | 'crash'
  /** So many events were acknowledged. */
  readonly after: number
}

function planFaults(
  events: number,
  kills: number,
  crashes: number,
  seed: number,
): readonly Fault[] {
  const random = randomOf(seed)
  const faults = (count: number, kind: Fault['kind']): Fault[] =>
    Array.from({ length: count }, () => ({ kind, after: Math.floor(events * random() * 0.95) }))
  return [...faults(kills, 'kill'), ...faults(crashes, 'crash')].toSorted(
    (a, b) => a.after - b.after,
  )
}

/** Mulberry32: the same moments for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function judge(
  { heard, changed }: Sink,
  acknowledged: ReadonlySet<string>,
  figures: Pick<StormResult, 'tries' | 'tookMs'>,
): StormResult {
  const echoes = new Map<unknown, number>()
  for (const { type, payload } of heard.values()) {
    if (type === 'storm.echo') echoes.set(payload['n'], (echoes.get(payload['n']) ?? 0) + 1)
  }
  const isEcho = (id: string): boolean => heard.get(id)?.type === 'storm.echo'
  const called = [...acknowledged].filter(
    (id) => Number(id.slice('storm-'.length)) % ECHO_EVERY === 0,
  )
  return {
    ...figures,
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !heard.has(id)),
    unknown: [...heard.keys()].filter((id) => !acknowledged.has(id) && !isEcho(id)),
    echoesWrong: called.filter((id) => echoes.get(Number(id.slice('storm-'.length))) !== 1),
    changed,
    resends: [...heard.values()].reduce((sum, { sends }) => sum + sends - 1, 0),
  }
}
