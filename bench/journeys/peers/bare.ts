// The engine alone: the same five steps as DBOS workflows, on a database of its own in the same
// PostgreSQL. `/one` starts one and answers when it is done, in milliseconds; `/many/<n>` queues that many
// at once.

import { DBOS } from '@dbos-inc/dbos-sdk'
// A server, and no client.
// oxlint-disable-next-line no-restricted-imports
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'

const host = process.env['PGHOST_DIR'] ?? ''
const admin = new pg.Client({ host, user: 'bookend' })
await admin.connect()
await admin.query('create database bare').catch(() => undefined)
await admin.end()

const systemDatabaseUrl = `postgresql://bookend@localhost/bare?host=${encodeURIComponent(host)}`
const NAMES = ['one', 'two', 'three', 'four', 'five']
const five = DBOS.registerWorkflow(
  async (): Promise<void> => {
    for (const name of NAMES) await DBOS.runStep(async () => ({ name }), { name })
  },
  { name: 'five' },
)
DBOS.setConfig({ name: 'bare', systemDatabaseUrl, systemDatabasePoolSize: 10, logLevel: 'error' })
await DBOS.launch()
await DBOS.registerQueue('five', { minPollingIntervalMs: 250 })

async function many(count: number, queueName?: string): Promise<number> {
  const startedAtMs = performance.now()
  const options = queueName === undefined ? {} : { queueName }
  const started = await Promise.all(
    Array.from({ length: count }, () => DBOS.startWorkflow(five, options)()),
  )
  await Promise.all(started.map((handle) => handle.getResult()))
  return performance.now() - startedAtMs
}

const server = createServer((request, response) => {
  const [, kind, count = '1'] = (request.url ?? '').split('/')
  const asked = kind === 'direct' ? many(Number(count)) : many(Number(count), 'five')
  asked.then(
    (ms) => response.end(String(ms)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  )
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.once('SIGTERM', () => {
  void DBOS.shutdown().then(() => process.exit(0))
})
