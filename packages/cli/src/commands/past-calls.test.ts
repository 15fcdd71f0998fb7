// `bookend pull|replay|backtest <file.ts>`: calls of the past, from the records of a server.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { answer, CALL_ID, journey, run, step, trace } from '../testing/fixtures.ts'

const cwd = mkdtempSync(join(tmpdir(), 'bookend-past-calls-'))
// They are large, and read here from their source.
beforeAll(
  () => Promise.all([import('@bookend/server/offline'), import('@bookend/sdk/testing')]),
  60_000,
)
afterAll(() => rmSync(cwd, { recursive: true }))

async function bookend(routes: FakeRoutes, ...words: string[]) {
  await using api = await fakeApi(routes)
  const env = { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_test' }
  const io = capturedIo({ cwd, env, columns: 120 })
  const code = await main(words, io)
  const out = io.printed.join('\n')
  return { code, out, err: io.complained.join('\n'), requests: api.requests }
}

const plan = step({
  name: 'plan',
  connection: 'postgres/shop',
  action: 'row.query_one',
  input: { sql: 'select plan', values: ['+15550100001'] },
  output: 'pro',
})
const answered = run({
  workflow: 'intake',
  call_id: CALL_ID,
  parameters: { plan: 'pro' },
  steps: [plan],
})
const call = { ...answer().call, recording_presigned_url: 'https://recordings.example.com/?key=1' }
const followed = journey({ call_id: CALL_ID })
const routes: FakeRoutes = {
  'GET /calls/{id}': () => ({ body: call }),
  'GET /calls/{id}/trace': () => ({ body: trace({ pre_call: answered, journeys: [followed] }) }),
  'GET /runs': () => ({ body: { runs: [answered], next_cursor: null } }),
  'GET /runs/{id}': () => ({ body: answered }),
}

describe('bookend pull', () => {
  test('writes what the call was, how it was answered and what followed', async () => {
    const { code, out, err } = await bookend(routes, 'pull', CALL_ID)
    expect({ code, out }).toEqual({ code: 0, out: `fixtures/${CALL_ID}.json` })
    expect(err).toContain('--redact')
    expect(err).toContain('replayFixtures')
    expect(JSON.parse(readFileSync(join(cwd, out), 'utf8'))).toMatchObject({
      uuid: CALL_ID,
      recording_presigned_url: null,
      recorded: {
        pre_call: { workflow: 'intake', form: null, parameters: { plan: 'pro' } },
        journeys: ['after-visit'],
      },
    })
  })

  test('overwrites nothing (L1)', async () => {
    writeFileSync(join(cwd, 'mine.json'), 'mine')
    const { code, err } = await bookend(routes, 'pull', CALL_ID, '--to', 'mine.json')
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('there already') })
    expect(readFileSync(join(cwd, 'mine.json'), 'utf8')).toBe('mine')
  })

  test('writes no file of a call that is not there', async () => {
    const { code } = await bookend({}, 'pull', CALL_ID, '--to', 'none.json')
    expect(code).toBe(1)
    expect(existsSync(join(cwd, 'none.json'))).toBe(false)
  })
})

/** As the SDK makes it, by hand: bundling the SDK with it would take most of the test. */
const source = (greeting: string): string => `
export default {
  kind: 'pre-call',
  name: 'intake',
  budgetMs: null,
  connections: { shop: 'postgres/shop' },
  parameters: { plan: { safeParse: (data: unknown) => ({ success: true, data }) } },
  fallback: { plan: 'unknown' },
  async run({ call, step, connections: { shop } }: any) {
    const plan = await step('plan', async () =>
      String(await shop.row.queryOne({ sql: 'select plan', values: [call.from_number] })))
    return { parameters: { plan: plan + '${greeting}' } }
  },
}
`

describe('a draft in TypeScript, that no server has loaded', () => {
  beforeAll(() => {
    mkdirSync(join(cwd, 'draft'))
    writeFileSync(join(cwd, 'draft/intake.pre-call.ts'), source('!'))
    writeFileSync(join(cwd, 'intake.pre-call.ts'), source(''))
  })

  test('is tried on recorded calls here; the server is asked for records alone', async () => {
    const { out, requests } = await bookend(routes, 'backtest', 'draft/intake.pre-call.ts')
    expect(out).toContain('0 alike, 1 different')
    expect(out).toContain('plan  "pro" → "pro!"')
    expect(new Set(requests.map(({ route }) => route))).toEqual(
      new Set(['GET /runs', 'GET /runs/{id}', 'GET /calls/{id}']),
    )
  })

  test('is tried on one run, and ends with 1 where something is different', async () => {
    const words = ['replay', answered.id, '--draft']
    const same = await bookend(routes, ...words, 'intake.pre-call.ts')
    expect(same.out).toContain('The agent is told the same.')
    expect(same.code).toBe(0)
    const other = await bookend(routes, ...words, 'draft/intake.pre-call.ts')
    expect(other.out).toMatch(/plan +"pro" → "pro!"/)
    expect(other.code).toBe(1)
  })

  test('is not asked to ask anew', async () => {
    const { err } = await bookend(routes, 'backtest', 'intake.pre-call.ts', '--live')
    expect(err).toContain('leave --version and --live')
  })
})

describe('bookend replay', () => {
  test('of a journey compares what it writes, and takes what people answered then', async () => {
    const answer = { decision: 'email' }
    const steps = [
      step({ name: 'mail', input: { to: 'a', subject: 'Hi' }, output: { id: 1 } }),
      step({ name: 'decide', kind: 'human', output: { status: 'answered', answer } }),
    ]
    const told = {
      workflow: 'after-visit',
      status: 'completed',
      error: null,
      writes: [{ step: 'mail', input: { to: 'b', subject: 'Hi' } }],
      steps: [
        { name: 'mail', kind: 'step', status: 'ok', output: { id: 'preview' }, error: null },
        { name: 'more', kind: 'step', status: 'ok', output: 1, error: null },
      ],
    }
    const { code, out, requests } = await bookend(
      {
        'GET /runs/{id}': () => ({ body: { ...followed, steps } }),
        'POST /workflows/after-visit/dry-run': () => ({ body: told }),
      },
      'replay',
      followed.id,
    )
    expect(requests.at(-1)?.body).toEqual({
      call_id: CALL_ID,
      answers: { decide: answer },
      expire_waits: true,
    })
    expect(out).toContain('0 steps alike, 3 different')
    expect(out).toMatch(/mail {2}ok\n +to +"a" → "b"/)
    expect(out).toContain('decide  ok → not reached')
    expect(out).toContain('more  not reached → ok')
    expect(code).toBe(1)
  })

  test('takes a call for the run that answered it', async () => {
    const { requests } = await bookend(
      {
        'GET /calls/{id}': () => ({ body: { ...call, pre_call_run_id: answered.id } }),
        'POST /workflows/intake/backtest': () => ({ body: { calls: [] } }),
      },
      'replay',
      CALL_ID,
    )
    expect(requests.map(({ route }) => route)).toEqual([
      'GET /runs/{id}',
      'GET /calls/{id}',
      'GET /runs/{id}',
    ])
  })
})

describe('bookend test', () => {
  test('says what is missing in a folder without a test runner', async () => {
    const io = capturedIo({ cwd: '/' })
    expect(await main(['test', '--watch'], io)).toBe(1)
    expect(io.complained.join('\n')).toContain('npm install --save-dev vitest')
  })
})
