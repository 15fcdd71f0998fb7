// A send whose answer was lost, and what the system tells of it later.

import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const token = 'canary-token-of-twilio'
const address = 'https://bookend.example/receipts/twilio/main'
const sid = `SM${'a'.repeat(32)}`

const remind = `
import { journey } from '@bookend/sdk'
export default journey('remind', {
  on: 'remind.asked',
  connections: { phone: 'twilio/main' },
  async run({ step, connections: { phone } }) {
    await step('text', () => phone.sms.send({ to: '+14155550100', text: 'Tomorrow at nine.' }))
    await step('note', () => 'noted')
  },
})
`

let server: TestServer
let vendor: Server
/** Where each message that was taken has its fate told. */
const callbacks: string[] = []

beforeAll(async () => {
  // Takes every message, and its answer is lost.
  vendor = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      callbacks.push(form.get('StatusCallback') ?? '')
      response.destroy()
    })
  })
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve))
  const { port } = vendor.address() as AddressInfo
  const config = `import { defineConfig } from '@bookend/sdk'
export default defineConfig(() => ({ connections: { 'twilio/main': {
    settings: { account_sid: 'AC${'1'.repeat(32)}', base_url: 'http://127.0.0.1:${port}',
      from: '+14155550199', countries: ['US'], status_callback: '${address}' },
    auth: { kind: 'token', auth_token: '${token}' },
  } } }))`
  server = await testServer({
    workflows: { 'remind.journey.ts': remind, '../bookend.config.ts': config },
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  vendor.closeAllConnections()
  await new Promise((resolve) => vendor.close(resolve))
})

let runs = 0
/** A run whose send is out, its answer lost. */
async function start(): Promise<{ id: string; callback: string }> {
  runs += 1
  const event_id = `e${runs}`
  const sent = callbacks.length
  await server.client.call('createEvent', {
    body: { event_type: 'remind.asked', event_id, payload: {} },
  })
  const [row] = (await query(server.database, 'select id from bookend.runs where event_id = $1', [
    event_id,
  ])) as { id: string }[]
  await expect.poll(() => callbacks.length, { timeout: 10_000 }).toBe(sent + 1)
  return { id: row?.id ?? '', callback: callbacks.at(-1) ?? '' }
}

const getRun = (id: string) => server.client.call('getRun', { params: { id } })
const become = (id: string, status: string) =>
  expect.poll(async () => (await getRun(id)).status, { timeout: 10_000 }).toBe(status)
const stepOf = async (id: string) => (await getRun(id)).steps.find(({ name }) => name === 'text')
const stored = () => query(server.database, 'select * from bookend.receipts')

async function tell(callback: string, status: string, key = token): Promise<number> {
  const form = { MessageSid: sid, MessageStatus: status, To: '+14155550100' }
  const fields = Object.entries(form).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const signed = callback + fields.map(([name, value]) => name + value).join('')
  const { pathname, search } = new URL(callback)
  const answer = await fetch(server.url + pathname + search, {
    method: 'POST',
    headers: { 'x-twilio-signature': createHmac('sha1', key).update(signed).digest('base64') },
    body: new URLSearchParams(form),
  })
  return answer.status
}

describe('a message whose answer was lost', () => {
  test('is done when Twilio tells of it, was sent once, and shows what was told', async () => {
    const { id, callback } = await start()
    expect(callback).toMatch(/^https:\/\/bookend\.example\/receipts\/twilio\/main\?k=bk_/)
    await expect.poll(async () => (await stepOf(id))?.status).toBe('waiting')
    const sent = callbacks.length
    expect(await tell(callback, 'sent')).toBe(204)
    await become(id, 'completed')
    expect(callbacks).toHaveLength(sent)
    expect(await tell(callback, 'delivered')).toBe(204)
    expect(await tell(callback, 'sent')).toBe(204)
    expect(await stepOf(id)).toMatchObject({
      status: 'ok',
      output: null,
      connection: 'twilio/main',
      action: 'sms.send',
      receipts: [
        { status: 'sent', reference: sid, told_at: null, received_at: expect.any(String) },
        { status: 'delivered', reference: sid },
      ],
    })
    const others = (await getRun(id)).steps.filter(({ name }) => name !== 'text')
    expect(others).toMatchObject([{ name: 'note', status: 'ok', output: 'noted' }])
    expect(others[0]).not.toHaveProperty('receipts')
  })

  test('goes on when Twilio tells of it after it was parked', async () => {
    const { id, callback } = await start()
    expect(await tell(callback, 'sent')).toBe(204)
    await become(id, 'completed')
    // As it would stand had nothing been told for two minutes.
    const parked = [
      `delete from bookend.receipts where key in
         (select key from bookend.awaited_receipts where run_id = $1)`,
      `delete from bookend.run_steps where run_id = $1 and name = 'note'`,
      `update bookend.run_steps set status = 'failed', output = null, error = 'maybe done: lost'
         where run_id = $1`,
      `update bookend.runs set status = 'failed', failed_step = 'text', error = 'lost' where id = $1`,
    ]
    for (const statement of parked) await query(server.database, statement, [id])
    expect((await getRun(id)).status).toBe('failed')
    expect(await tell(callback, 'delivered')).toBe(204)
    await become(id, 'completed')
    expect((await getRun(id)).steps).toMatchObject([
      { name: 'text', status: 'ok', receipts: [{ status: 'delivered' }] },
      { name: 'note', status: 'ok' },
    ])
  })

  test('waits on when somebody else tells of it, and nothing of that is stored', async () => {
    const { id, callback } = await start()
    const before = await stored()
    expect(await tell(callback, 'sent', 'another-token')).toBe(401)
    expect(await stored()).toEqual(before)
    await expect.poll(async () => (await stepOf(id))?.status).toBe('waiting')
    expect(await tell(callback, 'sent')).toBe(204)
    await become(id, 'completed')
  })

  test('is none of ours when its key is unknown', async () => {
    const before = await stored()
    expect(await tell(`${address}?k=bk_foreign`, 'sent')).toBe(204)
    expect(await stored()).toEqual(before)
  })
})

test.each(['/receipts/twilio/other', '/receipts/http/desk'])('%s is not there', async (path) => {
  expect((await fetch(server.url + path, { method: 'POST' })).status).toBe(404)
})
