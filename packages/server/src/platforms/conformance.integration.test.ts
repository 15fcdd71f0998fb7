// Every sample of every platform, and much that is none, against the whole server.

import { platformIds, type PlatformId } from '@bookend/platforms'
import { loadFixtures, type Fixture } from '@bookend/platforms/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { platformBench } from '../testing/platform-bench.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const workflow = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('front-desk', {
  parameters: z.object({ customer_name: z.string(), open_bills: z.number(), vip: z.boolean() }),
  fallback: { customer_name: 'friend', open_bills: 0, vip: false },
  run: async ({ call }) =>
    [call.from_number, call.to_number].includes('+447700900142')
      ? { parameters: { customer_name: 'Mira Ångström 👋', open_bills: 2, vip: true } }
      : { parameters: {} },
})
`
let server: TestServer
let agentId: string
beforeAll(async () => {
  server = await testServer({ workflows: { 'front-desk.pre-call.ts': workflow } })
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front desk',
      pre_call_webhook_url: 'workflow:front-desk',
      pre_call_webhook_enabled: true,
    },
  })
  agentId = agent.id
})
afterAll(() => server[Symbol.asyncDispose]())

const samplesOf = (platform: PlatformId): readonly Fixture[] =>
  loadFixtures(platform).filter(
    ({ kind, expect: wanted }) =>
      (kind === 'pre-call' || kind === 'event') && wanted?.verification === 'accept',
  )

/** Connected as the sample says, but for the key of an API that no test may ask. */
async function connect(platform: PlatformId, { name, options }: Fixture) {
  const { api_key: key, ...rest } = options
  const own = platform === 'simple-ai' || key === undefined ? rest : { ...rest, api_key: key }
  const bench = platformBench(server, platform, name.replaceAll('.', '-'), own)
  const connected = await bench.connect({ default_agent_id: agentId })
  if (connected.status !== 201) throw new Error(await connected.text())
  return bench
}

function sampleOf({ request }: Fixture) {
  if (request === undefined) throw new Error('the sample has no request')
  const { door, body, url, headers } = request
  const contentType = headers['content-type'] ?? 'application/json'
  const token = /\/events(\/.+)$/.exec(url)?.[1]
  return { door, body, contentType, ...(token === undefined ? {} : { more: token }) }
}

const stored = async (): Promise<unknown> =>
  await query(
    server.database,
    `select (select count(*) from platform_deliveries) as deliveries,
       (select count(*) from calls) as calls, (select count(*) from events) as events`,
  )

/** As it is, as a SIP header holds it, and of whoever withholds the number. */
const greetings = ['Mira Ångström 👋', 'Mira %C3%85ngstr%C3%B6m %F0%9F%91%8B', 'Name: friend']
/** Known by a password alone, which says nothing of the body. */
const unsigned = ['assemblyai', 'sip']

describe.each(platformIds)('%s', (platform) => {
  test.each(samplesOf(platform).map((fixture) => [fixture.name, fixture] as const))(
    '%s is taken, again and again, and not from whoever forges it',
    async (_name, fixture) => {
      const bench = await connect(platform, fixture)
      const sample = sampleOf(fixture)
      const before = await stored()
      const forged = { authorization: 'Bearer forged', 'x-signature': 'forged' }
      expect((await bench.send({ ...sample, headers: forged, more: '' })).status).toBe(401)
      expect(await stored()).toEqual(before)
      for (const _ of [1, 2]) {
        const answer = await bench.send(sample)
        expect(answer.status).toBe(200)
        const text = await answer.text()
        const isTold = sample.door === 'events' || greetings.some((name) => text.includes(name))
        expect(isTold).toBe(true)
      }
    },
  )

  test.skipIf(unsigned.includes(platform))(
    'one byte changed is a 401, and is not stored',
    async () => {
      const fixture = samplesOf(platform).find(({ request }) => request?.door === 'events')
      if (fixture === undefined) return
      const bench = await connect(platform, { ...fixture, name: `${fixture.name}.changed` })
      const sample = sampleOf(fixture)
      const before = await stored()
      const sent = sample.body.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))
      expect(sent).not.toBe(sample.body)
      expect((await bench.send({ ...sample, sent })).status).toBe(401)
      expect(await stored()).toEqual(before)
      const stale = new Date(Date.now() - 31 * 60_000)
      const isTimed = !['twilio', 'bland'].includes(platform)
      const at = isTimed ? stale : new Date()
      expect((await bench.send({ ...sample, at })).status).toBe(isTimed ? 401 : 200)
    },
  )

  test.each(['pre-call', 'events'] as const)(
    'whatever comes to its %s address is a verdict, never a 5xx',
    async (door) => {
      const fixture = samplesOf(platform).find(({ request }) => request?.door === door)
      if (fixture === undefined) return
      const name = `${fixture.name}.hostile`
      const bench = await connect(platform, { ...fixture, name })
      const { contentType, more = '' } = sampleOf(fixture)
      const bodies = [
        '',
        'null',
        '[]',
        '{"call":',
        '{"__proto__":{"polluted":true}}',
        '['.repeat(50_000),
        '\u0000\ud800',
        JSON.stringify({ event: 'unheard', type: 'unheard', message: { type: 'x' }, data: {} }),
        `{"event_type":"call.paused","payload":{"call_id":"\\u0000é"},"pad":"${'é'.repeat(2_500_000)}"}`,
      ]
      for (const body of bodies) {
        const answer = await bench.send({ door, contentType, more, body })
        expect(answer.status).toBeLessThan(500)
      }
      for (const method of ['GET', 'PUT', 'OPTIONS']) {
        expect(
          (await bench.send({ door, contentType, more, body: '', method })).status,
        ).toBeLessThan(500)
      }
    },
  )
})

test('one workflow tells the same caller the same on four platforms', async () => {
  const said = new Map<string, Record<string, unknown>>()
  for (const platform of ['retell', 'vapi', 'elevenlabs', 'simple-ai'] as const) {
    const name = {
      retell: 'pre-call',
      vapi: 'pre-call.assistant-request',
      elevenlabs: 'pre-call',
      'simple-ai': 'pre-call.inbound',
    }[platform]
    const fixture = loadFixtures(platform).find((one) => one.name === name)
    if (fixture === undefined) throw new Error(`no ${name}`)
    const bench = await connect(platform, { ...fixture, name: `${name}.same` })
    const body = (await (await bench.send(sampleOf(fixture))).json()) as Record<string, any>
    said.set(
      platform,
      body['call_inbound']?.dynamic_variables ??
        body['assistantOverrides']?.variableValues ??
        body['dynamic_variables'] ??
        body['parameters'],
    )
  }
  for (const told of said.values()) {
    const { customer_name: name, open_bills: bills, vip } = told
    expect([name, String(bills), String(vip)]).toEqual(['Mira Ångström 👋', '2', 'true'])
  }
  expect(said.size).toBe(4)
})
