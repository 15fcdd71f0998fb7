import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClinic } from '../testing/open-clinic.ts'
import { startDesk } from './desk.ts'

const TOKEN = 'the-token'

async function openDesk() {
  const clinic = await openClinic()
  const desk = await startDesk({ pool: clinic.pool, port: 0, token: TOKEN })
  const ask = async (method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await fetch(`${desk.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as any }
  }
  return {
    desk,
    ask,
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]()
      await clinic[Symbol.asyncDispose]()
    },
  }
}

const ticket = { phone: '+15550100001', subject: 'Caller asks: appointment' }

describe('the ticket desk', () => {
  test('keeps one ticket however often it is sent', async () => {
    await using open = await openDesk()
    const first = await open.ask('PUT', '/tickets/call-1', ticket)
    const again = await open.ask('PUT', '/tickets/call-1', { ...ticket, priority: 'high' })
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toMatchObject({ id: first.body.id, priority: 'high', status: 'open' })
    const { body } = await open.ask('GET', '/tickets?phone=%2B15550100001&status=open')
    expect(body.tickets.map((one: any) => one.external_id)).toEqual(['call-1', 'desk-1-1'])
  })

  test('does not open again what somebody has closed', async () => {
    await using open = await openDesk()
    await open.ask('PUT', '/tickets/call-1', ticket)
    await open.ask('PUT', '/tickets/call-1', { ...ticket, status: 'closed' })
    expect((await open.ask('PUT', '/tickets/call-1', ticket)).body.status).toBe('closed')
  })

  test('adds a comment once for a key, and shows it with its ticket', async () => {
    await using open = await openDesk()
    const { body } = await open.ask('PUT', '/tickets/call-1', ticket)
    const key = { 'idempotency-key': 'bk_1' }
    const path = `/tickets/${body.id}/comments`
    const first = await open.ask('POST', path, { text: 'Called back' }, key)
    const again = await open.ask('POST', path, { text: 'Called back' }, key)
    expect([first.status, again.body.id]).toEqual([201, first.body.id])
    await open.ask('POST', path, { text: 'No key' })
    const shown = await open.ask('GET', `/tickets/${body.id}`)
    expect(shown.body.comments.map((one: any) => one.text)).toEqual(['Called back', 'No key'])
  })

  test('answers nobody without its token', async () => {
    await using open = await openDesk()
    const answer = await open.ask('GET', '/tickets', undefined, { authorization: 'Bearer no' })
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } })
  })
})

describe('what the desk cannot do', () => {
  let open: Awaited<ReturnType<typeof openDesk>>
  beforeAll(async () => {
    open = await openDesk()
  })
  afterAll(() => open[Symbol.asyncDispose]())

  test.each([
    ['GET', '/tickets/99999', undefined, 404, 'not_found'],
    ['GET', '/tickets/one', undefined, 404, 'not_found'],
    ['GET', '/nowhere', undefined, 404, 'not_found'],
    ['GET', '/tickets/%E0%A4%A', undefined, 404, 'not_found'],
    ['DELETE', '/tickets/1', undefined, 404, 'not_found'],
    ['GET', '/tickets?state=open', undefined, 422, 'invalid'],
    ['PUT', '/tickets/a%2Fb', ticket, 422, 'invalid'],
    ['PUT', '/tickets/call-1', { subject: 'No phone' }, 422, 'invalid'],
    ['PUT', '/tickets/call-1', '{', 400, 'not_json'],
    ['PUT', '/tickets/call-1', 'x'.repeat(70_000), 413, 'too_large'],
    ['POST', '/tickets/99999/comments', { text: 'Hello' }, 404, 'not_found'],
    ['PUT', '/knobs', { delayMs: -1 }, 422, 'invalid'],
  ])('answers %s %s with a problem in JSON', async (method, path, body, status, code) => {
    const answer = await open.ask(method, path, body)
    expect(answer).toMatchObject({ status, body: { error: { code } } })
  })
})

describe('the desk’s knobs', () => {
  test('make it fail, and turn it back', async () => {
    await using open = await openDesk()
    await open.ask('PUT', '/knobs', { failWith: 503 })
    expect((await open.ask('GET', '/tickets')).status).toBe(503)
    expect((await open.ask('GET', '/knobs')).body).toEqual({ delayMs: 0, failWith: 503 })
    await open.ask('PUT', '/knobs', {})
    expect((await open.ask('GET', '/tickets')).status).toBe(200)
  })

  test('make it late, and its end does not wait for that', async () => {
    const open = await openDesk()
    await open.ask('PUT', '/knobs', { delayMs: 60_000 })
    const late = open.ask('GET', '/tickets').catch((error: unknown) => error)
    await open.ask('GET', '/knobs')
    await open[Symbol.asyncDispose]()
    expect(await late).toMatchObject({ message: 'fetch failed' })
  })
})
