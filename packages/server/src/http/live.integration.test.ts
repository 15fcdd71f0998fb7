import { createClient, type Client } from '@bookend/sdk/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { serverChild, type ServerChild } from '../testing/server-child.ts'
import { testServer, type TestServer } from '../testing/server.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const NUMBER = '+15550100900'
const SECRET_KEY = Buffer.alloc(32, 5).toString('base64')

let server: TestServer
/** Another process on the same database. */
let other: ServerChild
let otherClient: Client
let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder()
  server = await testServer({ env: { BOOKEND_SECRET_KEY: SECRET_KEY } })
  other = await serverChild({
    PORT: '0',
    DATABASE_URL: server.database.url,
    BOOKEND_DATA_DIR: folder.path,
    BOOKEND_SECRET_KEY: SECRET_KEY,
    BOOKEND_ROLES: 'api',
    BOOKEND_LOG_LEVEL: 'error',
  })
  otherClient = createClient({ baseUrl: other.url, key: server.key })
  const agent = await server.client.call('createAgent', { body: { name: 'Front' } })
  const { id } = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
})
afterAll(async () => {
  await other?.end('SIGTERM')
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

interface Heard {
  readonly id: string | null
  readonly event: string
  readonly data: Record<string, unknown>
}

interface Listening extends AsyncDisposable {
  readonly status: number
  readonly heard: readonly Heard[]
  /** The first that fits, heard already or yet to be heard; throws when the stream ends before. */
  until(fits: (heard: Heard) => boolean): Promise<Heard>
  /** Resolves when the server has ended it. */
  ended(): Promise<void>
}

async function listen(
  url: string,
  path: string,
  lastEventId: string | null = null,
): Promise<Listening> {
  const gone = new AbortController()
  const headers = new Headers({ authorization: `Bearer ${server.key}` })
  if (lastEventId !== null) headers.set('last-event-id', lastEventId)
  const answer = await fetch(`${url}/api/v1${path}`, { headers, signal: gone.signal })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  const heard: Heard[] = []
  let text = ''
  const readOn = async (): Promise<boolean> => {
    const { value, done } = (await reader?.read()) ?? { value: '', done: true }
    text += value ?? ''
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string): string | null =>
        new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
      const [event, data] = [field('event'), field('data')]
      if (event !== null && data !== null) {
        heard.push({ id: field('id'), event, data: JSON.parse(data) as Heard['data'] })
      }
    }
    return !done
  }
  return {
    status: answer.status,
    heard,
    async until(fits) {
      for (;;) {
        const found = heard.find(fits)
        if (found !== undefined) return found
        if (!(await readOn())) throw new Error(`The stream ended: ${JSON.stringify(heard)}`)
      }
    },
    async ended() {
      while (await readOn());
    },
    async [Symbol.asyncDispose]() {
      gone.abort()
    },
  }
}

const live = (url: string, id: string, lastEventId: string | null = null): Promise<Listening> =>
  listen(url, `/calls/${id}/live`, lastEventId)

async function begin(): Promise<string> {
  const body = { from_number: '+15550100001', to_number: NUMBER }
  return (await server.client.call('inboundCall', { body })).call.uuid
}
const say = (client: Client, id: string, sequence: number, text: string, final = true) =>
  client.call('appendTranscript', {
    params: { id },
    body: { entries: [{ sequence, role: 'user', text, final }] },
  })
const says = (text: string) => (heard: Heard) => heard.data['text'] === text

describe('a call that is watched', () => {
  test('shows what was said before, what is said now, and its end', async () => {
    const id = await begin()
    await say(server.client, id, 0, 'Hello')
    await using watching = await live(server.url, id)
    expect(watching.status).toBe(200)
    await watching.until(({ data }) => data['status'] === 'in_progress')
    await say(server.client, id, 1, 'Ho', false)
    await watching.until(says('Ho'))
    await say(server.client, id, 1, 'How are you?')
    expect(await watching.until(says('How are you?'))).toMatchObject({
      event: 'transcript',
      data: { sequence: 1, role: 'user', final: true },
    })
    await server.client.call('completeCall', { params: { id }, body: {} })
    await watching.ended()
    expect(
      watching.heard.map(({ event, data }) => data['text'] ?? data['status'] ?? event),
    ).toEqual(['Hello', 'in_progress', 'Ho', 'How are you?', 'completed', 'end'])
  })

  test('by one process shows what another was told', async () => {
    const id = await begin()
    await using watching = await live(other.url, id)
    await watching.until(({ event }) => event === 'status')
    await say(server.client, id, 0, 'from here')
    await watching.until(says('from here'))
    await using here = await live(server.url, id)
    await say(otherClient, id, 1, 'from there')
    expect(await here.until(says('from there'))).toMatchObject({ data: { sequence: 1 } })
    expect(await watching.until(says('from there'))).toMatchObject({ data: { sequence: 1 } })
  })

  test('goes on behind the last revision, at another process, without a gap (V1)', async () => {
    const id = await begin()
    await say(server.client, id, 7, 'first')
    let position: string | null
    {
      await using watching = await live(server.url, id)
      position = (await watching.until(says('first'))).id
    }
    await say(server.client, id, 3, 'second, with a lower sequence')
    await using again = await live(other.url, id, position)
    await again.until(says('second, with a lower sequence'))
    expect(again.heard.filter(({ event }) => event === 'transcript')).toHaveLength(1)
  })

  test('with a long transcript is sent page by page, all of it (V2)', async () => {
    const id = await begin()
    const entries = Array.from({ length: 250 }, (_, sequence) => {
      return {
        sequence,
        role: 'agent',
        text: `${sequence} ${'x'.repeat(4_000)}`,
        final: true,
      } as const
    })
    for (let at = 0; at < entries.length; at += 50) {
      const body = { entries: entries.slice(at, at + 50) }
      await server.client.call('appendTranscript', { params: { id }, body })
    }
    await using watching = await live(server.url, id)
    await watching.until(({ event }) => event === 'status')
    const sequences = watching.heard.flatMap(({ data }) => data['sequence'] ?? [])
    expect(sequences).toEqual(entries.map(({ sequence }) => sequence))
  })

  test('that has ended is shown whole, and who has all of it is told so', async () => {
    const id = await begin()
    await say(server.client, id, 0, 'all there was')
    await server.client.call('completeCall', { params: { id }, body: {} })
    await using watching = await live(server.url, id)
    const { id: position } = await watching.until(says('all there was'))
    await watching.ended()
    expect((await live(server.url, id, position)).status).toBe(204)
  })

  test('is not found in another workspace, nor without a key (C13, E15, I5)', async () => {
    const id = await begin()
    await say(server.client, id, 0, 'private')
    const unknown = '01990000-0000-7000-8000-00000000abcd'
    expect((await live(server.url, unknown)).status).toBe(404)
    expect((await live(server.url, 'not-an-id')).status).toBe(404)
    expect((await server.send(`/calls/${id}/live`, { key: null })).status).toBe(401)
    await query(
      server.database,
      `with w as (
         insert into bookend.workspaces (id, name, signing_secret)
         values ('01990000-0000-7000-8000-0000000000ff', 'Other', '') returning id
       )
       insert into bookend.calls (workspace_id, id, status, direction, platform, from_number,
         to_number, agent, params, external_identifiers, outcome, created_at)
       select id, '${unknown}', 'in_progress', 'inbound', 'api', '', '', '{}', '{}', '{}', '{}', now()
       from w`,
    )
    expect((await live(server.url, unknown)).status).toBe(404)
  })
})

test('the stream of a workspace tells what another process changed (N1)', async () => {
  await using watching = await listen(other.url, '/stream?topics=calls,deliveries')
  const id = await begin()
  await watching.until(({ data }) => data['call_id'] === id)
  await using there = await listen(server.url, '/stream?topics=calls')
  await say(otherClient, id, 0, 'told there')
  const change = await there.until(({ data }) => data['id'] === id)
  expect(change).toMatchObject({ event: 'change', data: { topic: 'calls', call_id: id } })
})
