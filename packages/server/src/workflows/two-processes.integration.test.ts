// Two servers on one database, as an installation of several machines has them.

import { createClient, type Client } from '@bookend/sdk/client'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { serverChild, type ServerChild } from '../testing/server-child.ts'
import { testServer, type TestServer } from '../testing/server.ts'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { addAgent, greet, greetingOf, linger, publish } from './testing/published.ts'

let here: TestServer
let elsewhere: ServerChild
let there: Client
let folder: TemporaryFolder

beforeAll(async () => {
  const BOOKEND_SECRET_KEY = randomBytes(32).toString('base64')
  here = await testServer({ env: { BOOKEND_SECRET_KEY } })
  folder = await temporaryFolder()
  elsewhere = await serverChild({
    PORT: '0',
    DATABASE_URL: here.database.url,
    BOOKEND_SECRET_KEY,
    BOOKEND_DATA_DIR: join(folder.path, 'data'),
    BOOKEND_WORKFLOWS: join(folder.path, 'workflows'),
    BOOKEND_LOG_LEVEL: 'error',
  })
  there = createClient({ baseUrl: elsewhere.url, key: here.key })
}, 60_000)
afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]()
  await here[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

let number = 100
const nextNumber = (): string => `+12065550${(number += 1)}`

test('what one publishes answers the calls of both within a second (U2)', async () => {
  await addAgent(here.client)
  const first = await publish(here.client, 'intake', greet('One'))
  expect(await greetingOf(here.client, nextNumber())).toBe('One')
  await expect
    .poll(async () => await greetingOf(there, nextNumber()), { timeout: 1_000, interval: 50 })
    .toBe('One')
  await publish(there, 'intake', greet('Two'), first.version)
  expect(await greetingOf(there, nextNumber())).toBe('Two')
  await expect
    .poll(async () => await greetingOf(here.client, nextNumber()), { timeout: 1_000, interval: 50 })
    .toBe('Two')
})

test('what nobody told of is found within seconds (H1)', async () => {
  const version = async (client: Client) =>
    (await client.call('getWorkflow', { params: { name: 'intake' } })).version
  const [other = ''] = (
    await there.call('listWorkflowVersions', { params: { name: 'intake' } })
  ).versions
    .filter(({ active }) => !active)
    .map((each) => each.version)
  // As if the process that published had ended before it could tell.
  await query(here.database, 'update bookend.published_workflows set version = $1', [other])
  for (const client of [here.client, there]) {
    await expect.poll(async () => await version(client), { timeout: 8_000 }).toBe(other)
  }
})

test('a run keeps the version it began with, whichever process goes on with it (J4, F33)', async () => {
  const old = await publish(here.client, 'linger', linger('old'))
  const begin = async (): Promise<void> => {
    const body = { from_number: nextNumber(), to_number: '+15550100900' }
    const { call } = await here.client.call('inboundCall', { body })
    await here.client.call('completeCall', { params: { id: call.uuid }, body: {} })
  }
  const runs = async () =>
    (await there.call('listRuns', { query: { workflow: 'linger' } })).runs.map(
      ({ version, status }) => `${version} ${status}`,
    )
  await begin()
  await expect.poll(runs, { timeout: 15_000 }).toEqual([`${old.version} waiting`])
  const now = await publish(there, 'linger', linger('new'), old.version)
  const active = async () =>
    (await here.client.call('getWorkflow', { params: { name: 'linger' } })).version
  await expect.poll(active, { timeout: 2_000 }).toBe(now.version)
  await begin()
  await expect
    .poll(runs, { timeout: 15_000 })
    .toEqual([`${now.version} waiting`, `${old.version} waiting`])
  await there.call('unpublishWorkflow', { params: { name: 'linger' } })
  await there.call('createEvent', {
    body: { event_type: 'word.given', event_id: 'word-1', payload: {} },
  })
  await expect
    .poll(runs, { timeout: 20_000 })
    .toEqual([`${now.version} completed`, `${old.version} completed`])
  const { runs: over } = await here.client.call('listRuns', { query: { workflow: 'linger' } })
  const done = over.map(async ({ id }) => {
    const { steps } = await here.client.call('getRun', { params: { id } })
    return steps.map(({ name }) => name)
  })
  expect(await Promise.all(done)).toEqual([
    ['word', 'new'],
    ['word', 'old'],
  ])
}, 60_000)
