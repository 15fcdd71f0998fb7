// Many calls on which Bookend speaks, at once, in one process: its memory, and how much later than the
// model's first word the caller's telephone has it.
//
//   telephones, model (this process) ─▶ bookend start (a process, with its PostgreSQL)
//
// Both moments are read from one clock, in this process: what this process is late itself is in them.

import { createApiKey } from '@bookend/core'
import { createClient } from '@bookend/sdk/client'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from '../testing/child.ts'
import { processorMs, residentMiB } from '../testing/process-figures.ts'
import { percentile } from '../testing/statistics.ts'
import { startModel } from './model.ts'
import { Phone } from './phone.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '500' },
    turns: { type: 'string', default: '4' },
    out: { type: 'string', default: at('../results/agent-conversations.json') },
  },
})
const CALLS = Number(options.calls)
const TURNS = Number(options.turns)
const WORDS = 20
const WORD_MS = 150
/** A caller listens, thinks and speaks. */
const THINKS_MS = 3_000
const TOKEN = 'bench-auth-token'
const NUMBER = '+15550100900'

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
  await mkdir(join(folder, 'workflows'))
  await using model = await startModel(WORDS, WORD_MS)
  const { key } = createApiKey()
  await using server = await startChild({
    args: [at('../../packages/cli/bin/bookend.mjs'), 'start'],
    env: {
      PORT: '0',
      BOOKEND_DATA_DIR: join(folder, 'data'),
      BOOKEND_WORKFLOWS: join(folder, 'workflows'),
      BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
      BOOKEND_MODEL_BASE_URL: model.baseUrl,
      BOOKEND_MODEL_NAME: 'bench',
      BOOKEND_API_KEY: key,
      BOOKEND_LOG_LEVEL: 'error',
      DATABASE_URL: '',
      NODE_ENV: 'production',
    },
  })
  const { pid, url } = server
  const idleMiB = residentMiB(pid)
  const relayUrl = `${url.replace(/^http/, 'ws')}/platforms/twilio/main/relay`
  await prepare(createClient({ baseUrl: url, key }), url, relayUrl)

  const late: number[] = []
  let mostMiB = 0
  const watching = setInterval(() => (mostMiB = Math.max(mostMiB, residentMiB(pid))), 250)
  const before = processorMs(pid)
  await Promise.all(
    Array.from({ length: CALLS }, async (_, index) => {
      // Callers do not all speak in the same moment.
      await pause((index / CALLS) * THINKS_MS)
      const phone = await Phone.call(relayUrl, TOKEN, index, NUMBER)
      for (let turn = 0; turn < TURNS; turn += 1) {
        await pause(THINKS_MS * (0.5 + Math.random()))
        const said = `${index} ${turn}`
        const { firstWordAtMs } = await phone.say(said)
        const leftAtMs = model.leftAtMs.get(said)
        // Where the model was given up on, the caller was asked to say it again.
        if (leftAtMs !== undefined && leftAtMs <= firstWordAtMs) late.push(firstWordAtMs - leftAtMs)
      }
      phone.close()
    }),
  )
  clearInterval(watching)
  const turns = CALLS * TURNS
  const round = (value: number): number => Math.round(value * 100) / 100
  const [first] = cpus()
  const report = {
    takenAt: new Date().toISOString(),
    processors: `${cpus().length} × ${first?.model ?? 'unknown'}`,
    node: process.versions.node,
    load: loadavg(),
    calls: CALLS,
    turns,
    answered: late.length,
    wordsEach: WORDS,
    idleMiB: Math.round(idleMiB),
    mostMiB: Math.round(mostMiB),
    firstWordLateMs: {
      least: round(percentile(late, 0)),
      p10: round(percentile(late, 0.1)),
      p50: round(percentile(late, 0.5)),
      p90: round(percentile(late, 0.9)),
      p99: round(percentile(late, 0.99)),
    },
    serverMsPerTurn: round((processorMs(pid) - before) / turns),
  }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`)
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
}

async function prepare(
  client: ReturnType<typeof createClient>,
  url: string,
  relayUrl: string,
): Promise<void> {
  const { id: agentId } = await client.call('createAgent', {
    body: { name: 'Bench', prompt: 'You answer briefly. '.repeat(50), first_message: 'Hello.' },
  })
  const { id } = await client.call('createNumber', { body: { number: NUMBER } })
  await client.call('assignAgent', { params: { id }, body: { agent_uuid: agentId } })
  const settings = { auth_token: TOKEN, public_base_url: url, relay: { url: relayUrl } }
  await client.call('createPlatform', {
    body: { platform: 'twilio', name: 'main', options: settings },
  })
}

await main()
