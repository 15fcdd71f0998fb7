// Marked secrets in every place that takes one, the server made to use and to fail with each, and then
// everything searched that comes out of it: log, API, traces, database (threat E8).

import { createApiKey } from '@bookend/core'
import { createClient } from '@bookend/sdk/client'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Opened } from './opened.ts'
import { testDatabase, type TestDatabase } from './testing/postgres.ts'
import { query } from './testing/query.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const NUMBER = '+15550100900'
const CALLER = '+14155550142'
const mark = (): string => `canary${randomBytes(12).toString('hex')}`

/** Entered once and kept sealed, hashed or not at all: nowhere to be found in clear. */
const hidden = {
  metricsToken: mark(),
  agentToken: mark(),
  fileConnection: mark(),
  storedConnection: mark(),
  stepHeader: mark(),
  cardNumber: '4242424242424242',
  thrown: mark(),
  wrongKey: `bk_abcdefghijkl_${mark()}`,
  hostedToken: `wt_${mark()}`,
}
/** Part of an address that its owner entered, and reads again; in no log all the same. */
const inAddresses = { preCallQuery: mark(), webhookQuery: mark() }
/** Told once, in the answer that made them. */
const told = new Map<string, string>()

const after = `
import { journey } from '@bookend/sdk'
export default journey('after', {
  on: 'lab.done',
  connections: { file: 'http/file' },
  async run({ step, connections: { file } }) {
    const body = { card_number: process.env.CANARY_CARD, headers: [{ name: 'X-Api-Key', value: process.env.CANARY_HEADER }] }
    await step('ask', () => file.request.send({ path: ['x'], body }), { retry: { attempts: 1 }, unknown: 'assume_done', default: null }).catch(() => null)
    await step('break', () => { const it = process.env.CANARY_THROWN; throw new Error('POST https://u:' + it + '@a.example/?k=' + it + ': Bearer ' + it) }, { retry: { attempts: 1 } })
  },
})
`
const config = `
export default ({ env }) => ({
  connections: {
    'http/file': { settings: { base_url: env.DESK_URL }, auth: { kind: 'bearer', token: env.FILE_TOKEN } },
  },
})
`

const opened = new Opened()
let database: TestDatabase
let child: ChildProcess
let url = ''
let log = ''
const { key } = createApiKey()
const secretKey = randomBytes(32).toString('base64')
const failing = createServer((_request, response) => {
  response.writeHead(500, { 'content-type': 'application/json' })
  response.end('{"error":"no"}')
})
const client = () => createClient({ baseUrl: url, key })

beforeAll(async () => {
  database = opened.use(await testDatabase())
  const folder = opened.use(await temporaryFolder())
  await mkdir(join(folder.path, 'workflows'))
  await writeFile(join(folder.path, 'workflows', 'after.journey.ts'), after)
  await writeFile(join(folder.path, 'bookend.config.ts'), config)
  await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve))
  const deskUrl = `http://127.0.0.1:${(failing.address() as AddressInfo).port}`
  const env = {
    PORT: '0',
    DATABASE_URL: database.url,
    BOOKEND_DATA_DIR: join(folder.path, 'data'),
    BOOKEND_WORKFLOWS: join(folder.path, 'workflows'),
    BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
    BOOKEND_LOG_LEVEL: 'debug',
    BOOKEND_API_KEY: key,
    BOOKEND_SECRET_KEY: secretKey,
    BOOKEND_METRICS_TOKEN: hidden.metricsToken,
    DESK_URL: deskUrl,
    FILE_TOKEN: hidden.fileConnection,
  }
  const host = fileURLToPath(new URL('testing/server-host.ts', import.meta.url))
  const args = ['--conditions=@bookend/source', '--import', 'tsx', host, JSON.stringify(env)]
  const cwd = fileURLToPath(new URL('../../../', import.meta.url))
  const own = {
    CANARY_CARD: hidden.cardNumber,
    CANARY_HEADER: hidden.stepHeader,
    CANARY_THROWN: hidden.thrown,
  }
  child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  opened.defer(async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'close')
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (log += chunk))
  url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      log += `${line}\n`
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
    child.once('close', () => reject(new Error(`The server ended: ${log}`)))
  })
  await use(deskUrl)
})
afterAll(async () => {
  await opened[Symbol.asyncDispose]()
  failing.closeAllConnections()
  failing.close()
})

/** Everything once, and most of it against a system that fails. */
async function use(deskUrl: string): Promise<void> {
  const api = client()
  await api.call('createConnection', {
    body: {
      name: 'http/stored',
      settings: { base_url: deskUrl },
      auth: { kind: 'bearer', token: hidden.storedConnection },
    },
  })
  const stored = { connector: 'http', connection: 'stored' }
  await api.call('checkConnection', { params: stored })
  const agent = await api.call('createAgent', {
    body: {
      name: 'Front',
      pre_call_webhook_url: `${deskUrl}/pre-call?k=${inAddresses.preCallQuery}`,
      pre_call_webhook_auth_token: hidden.agentToken,
      pre_call_webhook_enabled: true,
    },
  })
  const { id } = await api.call('createNumber', { body: { number: NUMBER } })
  await api.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
  const webhook = await api.call('createWebhook', {
    body: { url: `${deskUrl}/hook?k=${inAddresses.webhookQuery}` },
  })
  const { secret } = await api.call('getWebhookSecret', { params: { endpoint_id: webhook.id } })
  told.set('webhook secret', secret)
  told.set('signing secret', (await api.call('getSigningSecret', {})).secret)
  told.set('second key', (await api.call('createKey', { body: { scopes: ['read'] } })).key)
  const session = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  const [, cookie = ''] = /=([\w-]{43})/.exec(session.headers.get('set-cookie') ?? '') ?? []
  told.set('session', cookie)
  await fetch(`${url}/api/v1/agents`, { headers: { authorization: `Bearer ${hidden.wrongKey}` } })
  await fetch(`${url}/workflows/after/pre-call`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hidden.hostedToken}` },
  })
  await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${hidden.metricsToken}` } })
  for (let nth = 0; nth < 7; nth += 1) {
    await api.call('inboundCall', { body: { from_number: CALLER, to_number: NUMBER } })
  }
  await api.call('createEvent', { body: { event_type: 'lab.done', event_id: 'evt', payload: {} } })
  const runs = () => api.call('listRuns', { query: { workflow: 'after' } })
  const patience = { timeout: 15_000, interval: 100 }
  await vi.waitUntil(async () => (await runs()).runs[0]?.status === 'failed', patience)
  const params = { endpoint_id: webhook.id }
  const deliveries = () => api.call('listDeliveries', { params, query: {} })
  await vi.waitUntil(
    async () => (await deliveries()).deliveries.some(({ attempts }) => attempts > 0),
    patience,
  )
}

const foundIn = (text: string, secrets: Readonly<Record<string, string>>): string[] =>
  Object.entries(secrets)
    .filter(
      ([, secret]) => text.includes(secret) || text.includes(Buffer.from(secret).toString('hex')),
    )
    .map(([name]) => name)
const everything = () => ({ ...hidden, key, secretKey, ...Object.fromEntries(told) })

test('no log line holds a secret, or a caller’s number (E8)', () => {
  expect(log).toContain('ready ')
  expect(foundIn(log, { ...everything(), ...inAddresses, caller: CALLER })).toEqual([])
})

test('no answer of the API holds one that was entered (E8)', async () => {
  const api = client()
  const { calls } = await api.call('listCalls', { query: {} })
  const { runs } = await api.call('listRuns', { query: {} })
  const paths = ['agents', 'numbers', 'calls', 'webhooks', 'runs', 'keys', 'connections', 'audit']
  paths.push(...calls.map(({ uuid }) => `calls/${uuid}/trace`))
  paths.push(...runs.map(({ id }) => `runs/${id}`), 'session', 'workflows', 'deliveries')
  const texts = await Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(`${url}/api/v1/${path}`, {
        headers: { authorization: `Bearer ${key}` },
      })
      expect([path, answer.status]).toEqual([path, 200])
      return [path, await answer.text()] as const
    }),
  )
  for (const [path, text] of texts) expect([path, foundIn(text, everything())]).toEqual([path, []])
})

test('no row of the database holds one in clear (E7, E8)', async () => {
  const tables = (await query(
    database,
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  )) as { name: string }[]
  expect(tables.length).toBeGreaterThan(15)
  for (const { name } of tables) {
    const rows = await query(database, `select t::text as row from ${name} t`)
    expect([name, foundIn(JSON.stringify(rows), everything())]).toEqual([name, []])
  }
})
