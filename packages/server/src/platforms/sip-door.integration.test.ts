import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { testServer, type TestServer } from '../testing/server.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { findSipPrograms, placeCall, startKamailio, startTarget } from './testing/sip-programs.ts'

const programs = findSipPrograms()

const workflow = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('switchboard', {
  parameters: z.object({ customer_name: z.string(), note: z.string() }),
  fallback: { customer_name: 'friend', note: '' },
  async run({ call }) {
    if (call.from_number === '+15550001') return { parameters: {}, reject: { reason: 'busy' } }
    if (call.from_number === '+15550002') return { parameters: {}, transfer: { to_number: '+447700900577' } }
    if (call.from_number === '+15550003') return { parameters: {}, agent_id: process.env.SIP_TEST_VIP }
    if (call.from_number === '+15550004') return { parameters: {}, reject: { reason: '607' } }
    return { parameters: { customer_name: 'Zoë', note: JSON.stringify(call.context ?? {}) } }
  },
})
`
const journey = `
import { journey } from '@bookend/sdk'
export default journey('after-sip', {
  on: 'call.completed',
  async run({ call }) { return { status: call.status, name: call.params.customer_name ?? null } },
})
`
const PASSWORD = 'sip-door-password'

describe.skipIf(programs === null)('a call through Kamailio', () => {
  const { kamailio: kamailioCommand, sipp } = programs ?? { kamailio: '', sipp: '' }
  const opened: AsyncDisposable[] = []
  const use = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one)
    return one
  }
  let server: TestServer
  let proxy: FaultProxy
  let folder: string
  let through: number
  let targets: Record<'desk' | 'vip' | 'gateway', Awaited<ReturnType<typeof startTarget>>>
  let count = 0

  beforeAll(async () => {
    folder = use(await temporaryFolder()).path
    server = use(
      await testServer({
        workflows: { 'switchboard.pre-call.ts': workflow, 'after-sip.journey.ts': journey },
      }),
    )
    const body = (name: string) => ({
      name,
      pre_call_webhook_url: 'workflow:switchboard',
      pre_call_webhook_enabled: true,
    })
    const desk = await server.client.call('createAgent', { body: body('Desk') })
    const vip = await server.client.call('createAgent', { body: body('VIP desk') })
    process.env['SIP_TEST_VIP'] = vip.id
    // A call is transferred to a number of the workspace, and to no other.
    await server.client.call('createNumber', { body: { number: '+447700900577' } })
    const start = async (name: string) => use(await startTarget(sipp, folder, name))
    targets = {
      desk: await start('desk'),
      vip: await start('vip'),
      gateway: await start('gateway'),
    }
    await server.client.call('createPlatform', {
      body: {
        platform: 'sip',
        name: 'main',
        default_agent_id: desk.id,
        agents: { vip: vip.id },
        options: {
          username: 'kamailio',
          password: PASSWORD,
          targets: { vip: `sip:vip@127.0.0.1:${targets.vip.port}` },
          budget_ms: 4_500,
          gateway: `127.0.0.1:${targets.gateway.port}`,
        },
      },
    })
    proxy = use(await openFaultProxy(server.url))
    const address = `http://kamailio:${PASSWORD}@127.0.0.1:${new URL(proxy.url).port}/platforms/sip/main`
    const running = use(
      await startKamailio(kamailioCommand, folder, [
        `#!define DEFAULT_TARGET "sip:desk@127.0.0.1:${targets.desk.port}"`,
        `#!define BOOKEND "bookend=>${address};timeout=5"`,
      ]),
    )
    through = running.port
  })
  afterAll(async () => {
    for (const one of opened.toReversed()) await one[Symbol.asyncDispose]()
  })

  const call = async (from: string, status = 200, headers: readonly string[] = []) => {
    const callId = `call-${(count += 1)}-${process.pid}`
    const to = '+15550123'
    await placeCall(sipp, folder, through, { callId, from, to, headers, status })
    return callId
  }
  const from = (number: string, name = '"Mira"') => `${name} <sip:${number}@127.0.0.1>`
  const inviteOf = async (target: keyof typeof targets, callId: string) =>
    (await targets[target].invites()).find((invite) => invite.includes(`Call-ID: ${callId}`))
  const callOf = (callId: string) =>
    server.client.call('findCallByAttribute', {
      query: { attribute: 'platform_call_id', value: callId },
    })

  test('reaches the default target with the parameters as headers, and nothing forged (K3, H1)', async () => {
    const callId = await call(from('+447700900142', '"Zoë ${evil} $fU"'), 200, [
      'X-Region: eu-west $ci 100%',
      'X-Bookend-Vip: yes',
      'X-Bookend-Run-Id: forged',
    ])
    const invite = await inviteOf('desk', callId)
    expect(invite).toContain('X-Bookend-Customer-Name: Zo%C3%AB\n')
    const [, note = ''] = /^X-Bookend-Note: (.*)$/m.exec(invite ?? '') ?? []
    expect(JSON.parse(decodeURIComponent(note))).toMatchObject({
      caller_name: 'Zoë ${evil} $fU',
      'sip.X-Region': 'eu-west $ci 100%',
    })
    expect(note).not.toContain('Vip')
    expect(invite).not.toMatch(/^X-Bookend-Vip/m)
    expect(invite?.match(/^X-Bookend-Run-Id: (.*)$/gm)).toHaveLength(1)
  })

  test('is transferred, routed to another agent, or rejected, as its workflow says', async () => {
    const moved = await call(from('+15550002'))
    expect(await inviteOf('gateway', moved)).toMatch(/^INVITE sip:\+447700900577@/)
    const routed = await call(from('+15550003'))
    expect(await inviteOf('vip', routed)).toMatch(/^INVITE sip:vip@/)
    await call(from('+15550001'), 486)
    const rejected = await call(from('+15550004'), 607)
    await vi.waitFor(async () => expect((await callOf(rejected)).status).toBe('rejected'), 10_000)
  })

  test('is reported when it is over, and starts its journey', async () => {
    const callId = await call(from('+447700900142'))
    await vi.waitFor(async () => expect((await callOf(callId)).status).toBe('completed'), 10_000)
    const done = await callOf(callId)
    expect(done).toMatchObject({ from_number: '+447700900142', to_number: '+15550123' })
    expect(done.params).toMatchObject({ customer_name: 'Zoë' })
    await vi.waitFor(async () => {
      const { runs } = await server.client.call('listRuns', {
        query: { call_id: done.simple_uuid },
      })
      const journeys = runs.filter(({ workflow: name }) => name === 'after-sip')
      expect(journeys).toMatchObject([{ status: 'completed' }])
    }, 10_000)
  })

  test('goes to the default target while Bookend hangs or is away, and is reported later (P1, K1)', async () => {
    proxy.blackhole()
    proxy.resetAll()
    const slow = await call(from('+15550001'))
    expect(await inviteOf('desk', slow)).not.toContain('X-Bookend')
    proxy.reset()
    const away = await call(from('+15550002'))
    expect(await inviteOf('desk', away)).not.toContain('X-Bookend')
    proxy.heal()
    await vi.waitFor(async () => expect((await callOf(away)).status).toBe('completed'), 20_000)
  })
})
