import type { Problem } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { ApiError, createClient } from './client.ts'

interface Sent {
  url: string
  init: RequestInit
}

function clientAnswering(status: number, body: unknown) {
  const sent: Sent[] = []
  const fetch = (url: string | URL | Request, init: RequestInit = {}) => {
    sent.push({ url: url instanceof Request ? url.url : url.toString(), init })
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    return Promise.resolve(new Response(text, { status }))
  }
  return { sent, client: createClient({ baseUrl: 'http://127.0.0.1:4400/', key: 'bk_x', fetch }) }
}

const ID = '0b0f1c1e-53a0-4f1e-9f63-3f3f1b0a7c01'

describe('the API client', () => {
  test('fills path, query, body and key from the route table', async () => {
    const { client, sent } = clientAnswering(200, { agents: [], next_cursor: null })
    expect(await client.call('listAgents', { query: { limit: 5 } })).toEqual({
      agents: [],
      next_cursor: null,
    })
    await client.call('updateAgent', { params: { id: ID }, body: { name: 'Support' } })
    expect(sent.map(({ url, init }) => [init.method, url, init.body])).toEqual([
      ['GET', 'http://127.0.0.1:4400/api/v1/agents?limit=5', undefined],
      ['PATCH', `http://127.0.0.1:4400/api/v1/agents/${ID}`, '{"name":"Support"}'],
    ])
    expect(sent[0]?.init.headers).toMatchObject({ authorization: 'Bearer bk_x' })
  })

  test('keeps a path parameter inside its segment (D7)', async () => {
    const { client, sent } = clientAnswering(200, {})
    await client.call('getAgent', { params: { id: '../admin?x' } })
    expect(sent[0]?.url).toBe('http://127.0.0.1:4400/api/v1/agents/..%2Fadmin%3Fx')
  })

  test('has nothing to give for 204', async () => {
    const { client } = clientAnswering(204, undefined)
    expect(await client.call('deleteAgent', { params: { id: ID } })).toBeUndefined()
  })

  test('throws the problem document, with the field it names', async () => {
    const problem: Problem = {
      type: 'about:blank',
      title: 'A value is not as it must be',
      status: 422,
      detail: 'The body has 1 problem',
      code: 'invalid',
      errors: [{ path: 'name', message: 'too short' }],
    }
    const { client } = clientAnswering(422, problem)
    const failure = client.call('createAgent', { body: { name: '' } })
    await expect(failure).rejects.toThrow('The body has 1 problem; name: too short')
    await expect(failure).rejects.toMatchObject({ status: 422, code: 'invalid', retryable: false })
  })

  test.each([
    [503, true],
    [429, true],
    [404, false],
  ])('says of an unreadable %i whether it is worth another try', async (status, retryable) => {
    const { client } = clientAnswering(status, '<html>')
    const failure = client.call('getAgent', { params: { id: ID } })
    await expect(failure).rejects.toBeInstanceOf(ApiError)
    await expect(failure).rejects.toMatchObject({ retryable, code: 'unreadable_answer' })
  })
})
