// People through the whole server: what each role sees and may do, and what the audit log has of it.

import { createClient } from '@bookend/sdk/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const CALLER = '+15550100001'
const WORDS = 'My date of birth is the second of March'

let server: TestServer
let callId = ''
const keys: Record<string, string> = {}
const ids: Record<string, string> = {}

beforeAll(async () => {
  server = await testServer()
  const { client } = server
  const agent = await client.call('createAgent', { body: { name: 'Front' } })
  const { id } = await client.call('createNumber', { body: { number: '+15550100900' } })
  await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
  const { call } = await client.call('inboundCall', {
    body: {
      from_number: CALLER,
      to_number: '+15550100900',
      params: { note: 'owes us', vip: true },
    },
  })
  callId = call.uuid
  await client.call('appendTranscript', {
    params: { id: callId },
    body: { entries: [{ sequence: 0, role: 'user', text: WORDS }] },
  })
  for (const role of ['admin', 'operator', 'support', 'viewer'] as const) {
    const person = await client.call('createPerson', {
      body: { name: role, email: `${role}@clinic.example`, role, team: 'billing' },
    })
    keys[role] = person.key
    ids[role] = person.id
  }
})
afterAll(() => server[Symbol.asyncDispose]())

const as = (role: string) => createClient({ baseUrl: server.url, key: keys[role] ?? '' })
const getCall = (role: string) => as(role).call('getCall', { params: { id: callId } })

describe('a person', () => {
  test('who may not write sees the call masked, and no word of it on the wire', async () => {
    const answer = await server.send(`/calls/${callId}`, { key: keys['viewer'] ?? '' })
    const text = await answer.text()
    for (const word of [CALLER, WORDS, 'owes us']) expect(text).not.toContain(word)
    expect(JSON.parse(text)).toMatchObject({
      from_number: '+1 ••• ••• ••01',
      to_number: '+15550100900',
      params: { note: '•••, 7 characters', vip: true },
      transcripts: [{ text: `•••, ${WORDS.length} characters` }],
      masked: expect.arrayContaining([`call/${callId}/from_number`, `call/${callId}/transcripts`]),
    })
    const { calls } = await as('support').call('listCalls', {})
    expect(calls[0]?.from_number).toBe('+1 ••• ••• ••01')
    const live = await server.send(`/calls/${callId}/live`, { key: keys['viewer'] ?? '' })
    expect(live.status).toBe(403)
  })

  test('who may write sees it as it is, until the workspace masks for everyone', async () => {
    expect((await getCall('operator')).from_number).toBe(CALLER)
    expect((await getCall('operator')).masked).toBeUndefined()
    await as('admin').call('updateSettings', { body: { mask_for: 'everyone' } })
    expect((await getCall('operator')).from_number).toBe('+1 ••• ••• ••01')
    const program = await server.client.call('getCall', { params: { id: callId } })
    expect(program.from_number).toBe(CALLER)
  })

  test('reveals one field, which the audit log has before it is told', async () => {
    const handle = `call/${callId}/from_number`
    const revealed = await as('operator').call('reveal', { body: { handle } })
    expect(revealed).toEqual({ handle, value: CALLER })
    const { audit } = await as('admin').call('listAudit', { query: { action: 'reveal' } })
    expect(audit).toMatchObject([{ actor: { label: 'operator' }, target: handle }])
    await as('admin').call('updateSettings', { body: { mask_for: 'viewers' } })
  })

  test('of support reveals where a handoff of their team is open, a viewer nowhere', async () => {
    const handle = `call/${callId}/transcripts`
    const ask = (role: string) => as(role).call('reveal', { body: { handle } })
    await expect(ask('viewer')).rejects.toMatchObject({ status: 403 })
    await expect(ask('support')).rejects.toMatchObject({ status: 403 })
    const { workspace } = await server.client.call('getSession', {})
    const add = (id: string, assign: string) =>
      query(
        server.database,
        `with run as (insert into bookend.runs (workspace_id, id, kind, workflow, status, started_at)
           values ($1, $2, 'journey', 'after', 'waiting', now()))
         insert into bookend.handoffs
           (workspace_id, id, run_id, step, workflow, call_id, title, assign, form, due_at)
         values ($1, $2, $2, 'ask', 'after', $3, 'Call back?', $4, '{}', now() + '1 hour')`,
        [workspace.id, id, callId, assign],
      )
    await add('01990000-0000-7000-8000-000000000091', 'team:sales')
    await expect(ask('support')).rejects.toMatchObject({ status: 403 })
    await add('01990000-0000-7000-8000-000000000092', 'team:billing')
    expect((await ask('support')).value).toMatchObject([{ text: WORDS }])
  })

  test('does what the role allows, and what is taken away counts at once (E10)', async () => {
    const write = () => as('operator').call('createAgent', { body: { name: 'x' } })
    await write()
    const demote = { params: { id: ids['operator'] ?? '' }, body: { role: 'viewer' as const } }
    await as('admin').call('updatePerson', demote)
    await expect(write()).rejects.toMatchObject({ status: 403 })
    await expect(as('support').call('listPeople', {})).rejects.toMatchObject({ status: 403 })
  })

  test('who is an admin cannot take that from themselves, and ends with their key', async () => {
    const own = { params: { id: ids['admin'] ?? '' } }
    const demote = as('admin').call('updatePerson', { ...own, body: { role: 'viewer' } })
    await expect(demote).rejects.toMatchObject({ status: 409 })
    await expect(as('admin').call('deletePerson', own)).rejects.toMatchObject({ status: 409 })
    const { key } = await server.client.call('renewPersonKey', own)
    await expect(as('admin').call('listPeople', {})).rejects.toMatchObject({ status: 401 })
    keys['admin'] = key
    const { people } = await as('admin').call('listPeople', {})
    expect(people.map(({ name, role }) => [name, role])).toContainEqual(['operator', 'viewer'])
    await as('admin').call('deletePerson', { params: { id: ids['viewer'] ?? '' } })
    await expect(getCall('viewer')).rejects.toMatchObject({ status: 401 })
  })

  test('has an address of their own, and is not among the keys of programs', async () => {
    const twice = { name: 'x', email: 'SUPPORT@clinic.example', role: 'viewer' as const }
    await expect(server.client.call('createPerson', { body: twice })).rejects.toMatchObject({
      status: 409,
    })
    const { keys: programs } = await server.client.call('listKeys', {})
    expect(programs).toHaveLength(1)
  })
})
