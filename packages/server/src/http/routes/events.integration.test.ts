import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
  for (const [id, type] of [
    ['one', 'sms.received'],
    ['two', 'order.paid'],
    ['three', 'sms.received'],
    ['four', 'ticket.closed'],
  ] as const) {
    await server.client.call('createEvent', {
      body: { event_type: type, event_id: id, payload: { said: id } },
    })
  }
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const list = async (query: object = {}) => {
  const { events, next_cursor: cursor } = await server.client.call('listEvents', { query })
  return { ids: events.map(({ event_id: id }) => id), cursor }
}

describe('events', () => {
  test('are listed newest first over all types, page by page', async () => {
    expect(await list()).toEqual({ ids: ['four', 'three', 'two', 'one'], cursor: null })
    const { ids, cursor } = await list({ limit: 3 })
    expect(ids).toEqual(['four', 'three', 'two'])
    expect(await list({ limit: 3, cursor })).toEqual({ ids: ['one'], cursor: null })
  })

  test('are listed by type, by time and by call', async () => {
    expect((await list({ event_type: 'sms.received' })).ids).toEqual(['three', 'one'])
    expect((await list({ since: '2999-01-01T00:00:00Z' })).ids).toEqual([])
    const call_id = '0192f3a4-7c11-7000-8000-000000000001'
    expect((await list({ call_id })).ids).toEqual([])
  })

  test('one says what it said, and one that is not there is not found', async () => {
    const params = { event_id: 'two' }
    expect(await server.client.call('getEvent', { params })).toMatchObject({
      event_type: 'order.paid',
      call_id: null,
      payload: { said: 'two' },
    })
    await expect(
      server.client.call('getEvent', { params: { event_id: 'five' } }),
    ).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a cursor of another list is refused', async () => {
    const cursor = Buffer.from('now|one').toString('base64url')
    await expect(list({ cursor })).rejects.toMatchObject({ status: 422 })
  })
})
