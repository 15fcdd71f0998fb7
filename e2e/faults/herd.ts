// Many runs due at once, while calls go on coming in.
//
//   pre-calls alone ─▶ N runs fall due, one in a hundred of them poison ─▶ pre-calls beside them ─▶ all over?
//
// F25. They drain, each step once, oldest first; calls keep their latency.
// F23. A poisoned run fails by itself, with its cause; its neighbours are done.
// F28. Another workspace's run, due when all of these are, does not wait for the last of them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openPlace, type Place } from '../testing/place.ts'
import { query } from '../testing/practice.ts'

export interface HerdOptions {
  readonly runs: number
  readonly callsPerSecond: number
  readonly say?: (line: string) => void
}

export interface HerdResult {
  readonly completed: number
  readonly failed: number
  readonly poisoned: number
  /** Steps that have more than one attempt, where one was enough. */
  readonly repeated: number
  readonly drainedMs: number
  readonly runsPerSecond: number
  /** Pre-call answers: alone, and while the herd drains. */
  readonly aloneP99Ms: number
  readonly besideP99Ms: number
  readonly wrongAnswers: number
  /** Where among all that ended the run of the other workspace did, from 0 to 1. */
  readonly otherEndedAt: number
}

const CLI = 'packages/cli/bin/bookend.mjs'
const POISON_EVERY = 100
const ALONE_MS = 5_000
const OTHER = '01990000-0000-7000-8000-0000000000ff'

const work = `
import { journey } from '@bookend/sdk'
export default journey('work', {
  on: 'herd.asked',
  async run({ event, step }) {
    await step('act', () => {
      if (event.payload.isPoison) throw new TypeError('poison')
      return { n: event.payload.n }
    }, { retry: { attempts: 2, first: '50ms' } })
  },
})
`
const greet = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('greet', {
  connections: {},
  parameters: z.object({ name: z.string() }),
  fallback: { name: 'there' },
  run: async ({ step }) => ({ parameters: { name: await step('name', async () => 'Ada', { timeout: '1s', default: 'you' }) } }),
})
`

export async function runHerd(options: HerdOptions): Promise<HerdResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-herd-'))
  await writeFile(join(folder, 'work.journey.ts'), work)
  await writeFile(join(folder, 'greet.pre-call.ts'), greet)
  try {
    await using place = await openPlace({
      BOOKEND_WORKFLOWS: folder,
      BOOKEND_LOG_LEVEL: 'error',
    })
    return await herd(options, place)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function herd(
  { runs, callsPerSecond, say = () => undefined }: HerdOptions,
  place: Place,
): Promise<HerdResult> {
  await place.launch([CLI, 'start']).line(/^ready /)
  const client = await place.client()
  const agent = await client.call('createAgent', {
    body: {
      name: 'Front',
      pre_call_webhook_enabled: true,
      pre_call_webhook_url: 'workflow:greet',
    },
  })
  const number = await client.call('createNumber', { body: { number: '+15550100900' } })
  await client.call('assignAgent', { params: { id: number.id }, body: { agent_uuid: agent.id } })

  let wrong = 0
  /** Open loop: each call is timed from the moment it was meant to leave. */
  async function callFor(isDone: () => boolean): Promise<number[]> {
    const latenciesMs: number[] = []
    const answers: Promise<void>[] = []
    const startedMs = performance.now()
    for (let n = 0; !isDone(); n += 1) {
      const dueMs = startedMs + (n * 1_000) / callsPerSecond
      await pause(Math.max(0, dueMs - performance.now()))
      const body = { from_number: '+15550100001', to_number: '+15550100900' }
      answers.push(
        client.call('inboundCall', { body }).then(
          ({ pre_call }) => {
            latenciesMs.push(performance.now() - dueMs)
            if (pre_call.status !== 'answered') wrong += 1
          },
          () => void (wrong += 1),
        ),
      )
    }
    await Promise.all(answers)
    return latenciesMs
  }

  const aloneFromMs = performance.now()
  await callFor(() => performance.now() - aloneFromMs > ALONE_MS)
  const measuredFromMs = performance.now()
  const alone = await callFor(() => performance.now() - measuredFromMs > ALONE_MS)
  say(`alone: ${alone.length} calls`)

  await gather(place, runs)
  say(`${runs} runs are due`)
  let isDrained = false
  const startedMs = performance.now()
  await client.call('resumeWorkflow', { params: { name: 'work' } })
  const drained = untilDrained(place, say).finally(() => (isDrained = true))
  const beside = await callFor(() => isDrained)
  await drained
  const drainedMs = performance.now() - startedMs
  return {
    ...(await judge(place)),
    drainedMs: Math.round(drainedMs),
    runsPerSecond: Math.round((runs / drainedMs) * 1_000),
    aloneP99Ms: p99(alone),
    besideP99Ms: p99(beside),
    wrongAnswers: wrong,
  }
}

/** One real run, held, and copies of it; and one of another workspace, due after all of them. */
async function gather(place: Place, runs: number): Promise<void> {
  const client = await place.client()
  await client.call('pauseWorkflow', { params: { name: 'work' }, body: { reason: 'the herd' } })
  const body = { event_type: 'herd.asked', event_id: 'herd-0', payload: { n: 0 } }
  await client.call('createEvent', { body })
  await query(
    place,
    `with model as (select * from bookend.runs where event_id = 'herd-0'),
     stored as (
       insert into bookend.events (workspace_id, id, type, dedupe_key, payload)
       select workspace_id, 'herd-' || n, 'herd.asked', 'herd-' || n,
         jsonb_build_object('n', n, 'isPoison', n % ${POISON_EVERY} = 0)
       from model, generate_series(1, $1::int) n
     )
     insert into bookend.runs (workspace_id, id, kind, workflow, version, status, event_id,
       queued_at, started_at, wake_at)
     select workspace_id, gen_random_uuid(), kind, workflow, version, status, 'herd-' || n,
       queued_at, started_at, wake_at + n * interval '1 microsecond'
     from model, generate_series(1, $1::int) n`,
    [runs - 1],
  )
  await query(
    place,
    `with other as (
       insert into bookend.workspaces (id, name, signing_secret) values ($1, 'other', '') returning id
     ), version as (
       insert into bookend.workflow_versions
       select other.id, v.name, v.version, v.kind, v.form, v.bundle, v.manifest, v.created_at
       from bookend.workflow_versions v, other where v.name = 'work'
     ), event as (
       insert into bookend.events (workspace_id, id, type, dedupe_key, payload)
       select id, 'herd-other', 'herd.asked', 'herd-other', '{"n":-1}' from other
     )
     insert into bookend.runs (workspace_id, id, kind, workflow, version, status, event_id,
       queued_at, started_at, wake_at)
     select other.id, gen_random_uuid(), r.kind, r.workflow, r.version, r.status, 'herd-other',
       now(), now(), now() + interval '1 second'
     from bookend.runs r, other where r.event_id = 'herd-0'`,
    [OTHER],
  )
}

async function untilDrained(place: Place, say: (line: string) => void): Promise<void> {
  for (;;) {
    const [row] = await query<{ left: number }>(
      place,
      `select count(*)::int as left from bookend.runs where workflow = 'work' and finished_at is null`,
    )
    const left = row?.left ?? 0
    if (left === 0) return
    say(`${left} left`)
    await pause(1_000)
  }
}

async function judge(place: Place) {
  const [counts] = await query<{
    completed: number
    failed: number
    poisoned: number
    repeated: number
    at: number
  }>(
    place,
    `with ended as (
       select r.*, e.payload->>'isPoison' = 'true' as is_poison,
         percent_rank() over (order by r.finished_at) as at
       from bookend.runs r join bookend.events e
         on e.workspace_id = r.workspace_id and e.id = r.event_id
       where r.workflow = 'work'
     )
     select count(*) filter (where status = 'completed')::int as completed,
       count(*) filter (where status = 'failed')::int as failed,
       count(*) filter (where status = 'failed' and is_poison and error like '%poison%')::int as poisoned,
       (select count(*)::int from bookend.run_steps s where jsonb_array_length(s.attempts) > 1
          and s.status = 'ok') as repeated,
       max(at) filter (where event_id = 'herd-other') as at
     from ended`,
  )
  const { completed = 0, failed = 0, poisoned = 0, repeated = 0, at = 1 } = counts ?? {}
  return { completed, failed, poisoned, repeated, otherEndedAt: at }
}

function p99(latenciesMs: readonly number[]): number {
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN)
}
