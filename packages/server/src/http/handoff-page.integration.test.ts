import type { Handoff } from '@bookend/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const told: { asked: { id: string; link: string }[]; isFailing: boolean } = {
  asked: [],
  isFailing: false,
}
Object.assign(globalThis, { linkTold: told })

const ask = `
import { journey } from '@bookend/sdk'
import { z } from 'zod'
export default journey('ask', {
  on: 'ask.asked',
  async run({ event, step, human }) {
    const review = await human('decide', {
      title: event.payload.title ?? 'Call back?',
      assign: 'team:support-leads',
      form: z.object({ decision: z.enum(['call-back', 'email', 'close']), note: z.string().max(400).optional() }),
      within: event.payload.within ?? '4h',
      async notify(handoff) {
        if (linkTold.isFailing) throw Object.assign(new Error('no'), { code: 'x', retryable: false })
        linkTold.asked.push(handoff)
      },
    })
    await step('result', () => review)
  },
})
`

let server: TestServer
beforeAll(async () => {
  server = await testServer({ workflows: { 'ask.journey.ts': ask } })
})
afterAll(async () => await server[Symbol.asyncDispose]())
beforeEach(() => Object.assign(told, { asked: [], isFailing: false }))

let events = 0
async function start(payload: Record<string, string> = {}): Promise<Handoff & { link: string }> {
  events += 1
  const event_id = `link${events}`
  await server.client.call('createEvent', { body: { event_type: 'ask.asked', event_id, payload } })
  const sql = 'select id from bookend.runs where event_id = $1'
  const [run] = (await query(server.database, sql, [event_id])) as { id: string }[]
  const find = async () =>
    (await server.client.call('listHandoffs', { query: { run_id: run?.id ?? '' } })).handoffs
  await expect.poll(async () => (await find()).length, { timeout: 10_000 }).toBe(1)
  const handoff = (await find())[0] as Handoff
  const { url } = await server.client.call('linkHandoff', { params: { id: handoff.id } })
  return { ...handoff, link: url }
}
const getHandoff = (id: string) => server.client.call('getHandoff', { params: { id } })
const open = async (link: string) => {
  const response = await fetch(link)
  return { status: response.status, headers: response.headers, html: await response.text() }
}
const nonceOf = (html: string): string => /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? ''
const post = async (link: string, fields: Readonly<Record<string, string>>) => {
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams(fields) })
  return { status: response.status, html: await response.text() }
}
const answer = async (link: string, fields: Readonly<Record<string, string>>) => {
  const nonce = nonceOf((await open(link)).html)
  return await post(link, { nonce, by: 'Ben', ...fields })
}

describe('the link of a handoff', () => {
  test('is told once, before the answer is waited for, and lets its holder answer', async () => {
    const { id, link, run_id } = await start()
    await expect.poll(() => told.asked.length, { timeout: 5_000 }).toBe(1)
    expect(told.asked[0]).toMatchObject({ id, link })
    const sent = await answer(told.asked[0]?.link ?? '', { field0: 'email', field1: 'soon' })
    expect(sent).toMatchObject({ status: 200, html: expect.stringContaining('Thank you') })
    expect(await getHandoff(id)).toMatchObject({
      status: 'answered',
      answer: { decision: 'email', note: 'soon' },
      answered_by: 'Ben (by link)',
    })
    const run = async () => await server.client.call('getRun', { params: { id: run_id } })
    await expect.poll(async () => (await run()).status, { timeout: 10_000 }).toBe('completed')
    const names = (await run()).steps.map(({ name, status }) => [name, status])
    expect(names).toContainEqual(['decide.notify', 'ok'])
    expect(told.asked).toHaveLength(1)
  })

  test('waits for its answer also when nobody could be told of it', async () => {
    told.isFailing = true
    const { id, link, run_id } = await start()
    await answer(link, { field0: 'close' })
    expect((await getHandoff(id)).status).toBe('answered')
    const run = async () => await server.client.call('getRun', { params: { id: run_id } })
    await expect.poll(async () => (await run()).status, { timeout: 10_000 }).toBe('completed')
  })

  test('shows a form, and nothing changes by that however often it is opened (G1)', async () => {
    const { id, link } = await start()
    for (let n = 0; n < 3; n += 1) await open(link)
    const { status, html, headers } = await open(link)
    expect(status).toBe(200)
    expect(html).toContain('Call back?')
    for (const choice of ['call-back', 'email', 'close'])
      expect(html).toContain(`value="${choice}"`)
    expect(html).not.toContain('<script')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await getHandoff(id)).toMatchObject({ status: 'open', claimed_by: null })
  })

  test('shows whatever a caller said as text (E1)', async () => {
    const title = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&`
    const { link } = await start({ title })
    const { html } = await open(link)
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<img')
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(1)')
    const sent = await answer(link, { field0: 'shout', by: '"><script>alert(2)</script>' })
    expect(sent.status).toBe(422)
    expect(sent.html).not.toContain('<script>alert')
  })

  test('takes no answer that its form does not, and keeps what was written', async () => {
    const { id, link } = await start()
    const sent = await answer(link, { field1: 'call them after five' })
    expect(sent).toMatchObject({ status: 422, html: expect.stringContaining('role="alert"') })
    expect(sent.html).toContain('call them after five')
    expect((await answer(link, { field0: 'email', by: ' ' })).html).toContain('Say who you are')
    expect((await answer(link, { field0: 'email', field1: 'x\u0000y' })).status).toBe(422)
    expect((await getHandoff(id)).status).toBe('open')
  })

  test('takes nothing without the form that was shown (G3)', async () => {
    const { id, link } = await start()
    const other = await start()
    const foreign = nonceOf((await open(other.link)).html)
    for (const nonce of ['', 'x', foreign]) {
      expect((await post(link, { nonce, field0: 'email', by: 'Ben' })).status).toBe(422)
    }
    expect((await getHandoff(id)).status).toBe('open')
  })

  test('takes one answer; a form sent again is told by whom it was answered', async () => {
    const { link } = await start()
    const form = { nonce: nonceOf((await open(link)).html), field0: 'email' }
    const sent = await Promise.all(['Ada', 'Ben', 'Cleo'].map((by) => post(link, { ...form, by })))
    expect(sent.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
    const again = await post(link, { ...form, by: 'Dan' })
    expect(again).toMatchObject({
      status: 409,
      html: expect.stringMatching(/answered by (Ada|Ben|Cleo) \(by link\)/),
    })
    expect((await open(link)).html).toContain('It was answered by')
  })

  test('opens nothing once somebody else is asked, nor when the first one is again', async () => {
    const { id, link } = await start()
    for (const assign of ['team:billing', 'team:support-leads']) {
      await server.client.call('reassignHandoff', { params: { id }, body: { assign } })
      expect((await open(link)).status).toBe(404)
    }
    const { url } = await server.client.call('linkHandoff', { params: { id } })
    expect((await open(url)).status).toBe(200)
  })

  test('of another workspace, one that was changed and none at all are one answer (E3)', async () => {
    const { link } = await start()
    const changed = link.slice(0, -3) + (link.endsWith('AAA') ? 'BBB' : 'AAA')
    const answers = await Promise.all([open(changed), open(`${server.url}/h/x`)])
    expect(new Set(answers.map(({ html }) => html)).size).toBe(1)
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    await query(server.database, 'update bookend.handoffs set link_revision = 9', [])
    expect((await open(link)).html).toBe(answers[0]?.html)
  })

  test('is made for open handoffs alone', async () => {
    const { id, link } = await start()
    await answer(link, { field0: 'email' })
    const made = server.client.call('linkHandoff', { params: { id } })
    await expect(made).rejects.toMatchObject({ status: 409 })
  })
})
