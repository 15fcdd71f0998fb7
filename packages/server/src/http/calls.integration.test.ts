import { Call, CallList } from '@bookend/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

const NUMBER = '+15550100900'
let server: TestServer
const ids: string[] = []

beforeAll(async () => {
  server = await testServer()
  const { client } = server
  const agent = await client.call('createAgent', { body: { name: 'Front' } })
  const number = await client.call('createNumber', { body: { number: NUMBER } })
  await client.call('assignAgent', { params: { id: number.id }, body: { agent_uuid: agent.id } })
  for (const at of Array.from({ length: 5 }, (_, index) => index)) {
    const { call } = await client.call('inboundCall', {
      body: {
        from_number: `+1555010000${at}`,
        to_number: NUMBER,
        external_identifiers: { crm: `A-${at}`, seat: at },
        params: { plan: at < 3 ? 'pro' : 'free' },
      },
    })
    await client.call('getCall', { params: { id: call.uuid } })
    ids.unshift(call.uuid)
  }
})
afterAll(() => server[Symbol.asyncDispose]())

const list = (query: object): Promise<CallList> => server.client.call('listCalls', { query })
const uuids = ({ calls }: CallList): string[] => calls.map(({ uuid }) => uuid)

describe('the list of calls', () => {
  test('is newest first, and goes on by its cursor without a gap or a repeat', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = CallList.parse(await list({ limit: 2, cursor }))
      seen.push(...uuids(page))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(ids)
  })

  test('counts its pages for who asks by page', async () => {
    const page = await list({ page: 2, page_size: 2 })
    expect(uuids(page)).toEqual(ids.slice(2, 4))
    expect(page).toMatchObject({ total_count: 5, page: 2, page_size: 2, total_pages: 3 })
  })

  test('takes a page or a cursor, not both', async () => {
    const { next_cursor: cursor } = await list({ limit: 1 })
    const answer = await server.send(`/calls?page=1&cursor=${cursor}`)
    expect(answer.status).toBe(422)
  })

  test('is filtered', async () => {
    expect(uuids(await list({ from_number: '+15550100003' }))).toEqual([ids[1]])
    expect(uuids(await list({ status: 'completed' }))).toEqual([])
    expect(uuids(await list({ status: 'in_progress', direction: 'inbound' }))).toEqual(ids)
  })

  test('gives each call an integer id of its own', async () => {
    const { calls } = await list({})
    expect(new Set(calls.map(({ id }) => id)).size).toBe(5)
    expect(calls.every(({ id }) => Number.isInteger(id))).toBe(true)
  })
})

describe('a call is found by', () => {
  test.each([
    ['its number', 'from_number', '+15550100002', 2],
    ['an external identifier', 'crm', 'A-4', 0],
    ['an external identifier by its full name', 'external_identifiers.crm', 'A-1', 3],
    ['a number among its identifiers', 'seat', '3', 1],
    ['a parameter, the newest first', 'params.plan', 'pro', 2],
  ])('%s', async (_, attribute, value, at) => {
    const call = await server.client.call('findCallByAttribute', { query: { attribute, value } })
    expect(Call.parse(call).uuid).toBe(ids[at])
  })

  test.each([
    ['crm', 'A-9'],
    ['params.plan', "pro'; drop table calls"],
    ['id', 'not a number'],
  ])('nothing that is not there (%s = %s)', async (attribute, value) => {
    const query = new URLSearchParams({ attribute, value })
    const answer = await server.send(`/calls/find_by_attribute?${query.toString()}`)
    expect(answer.status).toBe(404)
  })
})

describe('tags', () => {
  const tag = (tags: string[]) =>
    server.client.call('tagCall', { params: { id: ids[0] ?? '' }, body: { tags } })

  test('are replaced, by name or by id', async () => {
    const first = await tag(['vip', 'callback', 'vip'])
    expect(first.tags.map(({ name }) => name)).toEqual(['callback', 'vip'])
    const [callback] = first.tags
    const second = await tag([callback?.id ?? '', 'billing'])
    expect(second.tags.map(({ name }) => name)).toEqual(['billing', 'callback'])
    expect((await tag([])).tags).toEqual([])
  })

  test('by an id that is no tag’s are refused, and nothing changes', async () => {
    await tag(['vip'])
    const answer = await server.send(`/calls/${ids[0]}/tags`, {
      method: 'PATCH',
      body: '{"tags":["new","01990000-0000-7000-8000-00000000dead"]}',
    })
    expect(await answer.json()).toMatchObject({ status: 422, errors: [{ path: 'tags.1' }] })
    const call = await server.client.call('getCall', { params: { id: ids[0] ?? '' } })
    expect(call.tags.map(({ name }) => name)).toEqual(['vip'])
  })
})

describe('an agent', () => {
  test('is changed from the version it was read at, and from no older one', async () => {
    const agent = await server.client.call('createAgent', {
      body: { name: 'A', prompt: 'Hi {{x}}' },
    })
    expect(agent.warnings).toMatchObject([{ code: 'placeholder_without_value', name: 'x' }])
    const change = (version: string) =>
      server.send(`/agents/${agent.id}`, {
        method: 'PATCH',
        headers: { 'if-match': version },
        body: '{"pre_call_webhook_timeout":2.5}',
      })
    expect(await (await change('"1"')).json()).toMatchObject({ version: 2, name: 'A' })
    expect(await (await change('"1"')).json()).toMatchObject({ code: 'version_conflict' })
    expect((await change('2')).status).toBe(422)
  })

  test('that answers a number is not deleted', async () => {
    const { agents } = await server.client.call('listAgents', {})
    const front = agents.find(({ name }) => name === 'Front')
    const answer = await server.send(`/agents/${front?.id}`, { method: 'DELETE' })
    expect(await answer.json()).toMatchObject({ status: 409, code: 'state_conflict' })
  })

  test.each([
    'http://169.254.169.254/latest',
    'ftp://example.com/',
    'https://user:pw@example.com/',
    'workflow:not there',
  ])('is not pointed at %s (A1, A8)', async (url) => {
    const body = JSON.stringify({ name: 'B', pre_call_webhook_url: url })
    expect((await server.send('/agents', { method: 'POST', body })).status).toBe(422)
  })

  test('takes a parameters schema that can be used, and names what is wrong with another', async () => {
    const send = (parameters_schema: object) =>
      server.send('/agents', {
        method: 'POST',
        body: JSON.stringify({ name: 'C', parameters_schema }),
      })
    expect((await send({ type: 'object', properties: { plan: { enum: ['pro'] } } })).status).toBe(
      201,
    )
    const broken = await send({ properties: { plan: { type: 'colour' } } })
    expect(await broken.json()).toMatchObject({
      status: 422,
      errors: [{ path: 'parameters_schema.properties.plan' }],
    })
    expect((await send({ properties: { plan: { pattern: '(a+)+$' } } })).status).toBe(422)
  })
})

test('one Idempotency-Key makes one agent, and shows the first answer again', async () => {
  const send = (name: string) =>
    server.send('/agents', {
      method: 'POST',
      headers: { 'idempotency-key': 'make-d' },
      body: JSON.stringify({ name }),
    })
  const first = await (await send('D')).json()
  expect(await (await send('D')).json()).toEqual(first)
  expect(await (await send('E')).json()).toMatchObject({ code: 'idempotency_conflict' })
})
