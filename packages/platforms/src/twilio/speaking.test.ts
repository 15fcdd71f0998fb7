import { describe, expect, test } from 'vitest'
import { requestOf } from '../testing/fixture.ts'
import { twilio } from './index.ts'

const relay = {
  url: 'wss://bookend.example/platforms/twilio/main/relay',
  transfer_to: { 'front desk': '+15550100777' },
  rescue: 'front desk',
}
const account = { account_sid: `AC${'0'.repeat(32)}`, auth_token: 't' }
const options = twilio.options.parse({
  ...account,
  public_base_url: 'https://bookend.example/',
  relay,
})
const voice = requestOf('twilio', 'pre-call.voice')
const asked = twilio.readPreCall(voice, options)
const request = asked.kind === 'call' ? asked.request : (undefined as never)
const goOn = { type: 'continue' } as const

describe('where Bookend speaks', () => {
  test('each agent is spoken for, and told which it is and by which run', () => {
    const outcome = { type: 'route', agent_id: 'billing' } as const
    const result = { run_id: 'r1', outcome, parameters: { name: 'Mira' }, greeting: 'Hi' }
    const { body, degraded } = twilio.writePreCall(result, request, options)
    expect(degraded).toBeNull()
    expect(body).toContain(`<ConversationRelay url="${relay.url}" dtmfDetection="true">`)
    expect(body).toContain('action="https://bookend.example/platforms/twilio/main/events"')
    expect(body).toContain('<Parameter name="bookend_agent_id" value="billing"/>')
    expect(body).toContain('<Parameter name="bookend_run_id" value="r1"/>')
    expect(body).toContain('<Parameter name="name" value="Mira"/>')
    // It is said on the socket, where it can be interrupted and is recorded.
    expect(body).not.toContain('welcomeGreeting')
  })

  test('an agent with an address of its own still has it', () => {
    const both = { ...options, agents: { vip: 'wss://vip.example/relay' } }
    const outcome = { type: 'route', agent_id: 'vip' } as const
    const { body } = twilio.writePreCall({ run_id: 'r1', outcome, parameters: {} }, request, both)
    expect(body).toContain('url="wss://vip.example/relay"')
  })

  test('a rescue is one of those whom a call may be given to', () => {
    const given = { ...account, public_base_url: 'https://b.example' }
    const parse = (rescue: string) =>
      twilio.options.safeParse({ ...given, relay: { ...relay, rescue } }).success
    expect([parse('front desk'), parse('nobody'), parse('toString')]).toEqual([true, false, false])
  })
})

describe('once the conversation is over', () => {
  const end = (form: Readonly<Record<string, string>>) =>
    twilio.readEvents(
      {
        ...voice,
        door: 'events',
        body: Buffer.from(
          new URLSearchParams({ CallSid: 'CA1', SessionId: 'VX1', ...form }).toString(),
        ),
      },
      options,
    )
  const handOff = (data: object) => end({ HandoffData: JSON.stringify(data) })
  const dialled = {
    reply: { body: expect.stringContaining('<Dial>+15550100777</Dial>') as string },
  }
  const hungUp = { reply: { body: expect.stringContaining('<Hangup/>') as string } }

  test.each([
    ['a name of the list', { bookend: 'transfer', target: 'front desk' }, dialled],
    ['a number', { bookend: 'transfer', target: '+19005550123' }, hungUp],
    ['a name of every object', { bookend: 'transfer', target: 'constructor' }, hungUp],
    ['nobody', { bookend: 'done', reason: '' }, hungUp],
    ['nobody, by another agent', { reason: 'done' }, hungUp],
  ])('it is given to %s', (_, data, then) => {
    expect(handOff(data)).toMatchObject(then)
  })

  test('a socket that broke is rescued; a caller who hung up is not called again', () => {
    expect(end({ SessionStatus: 'failed' })).toMatchObject(dialled)
    expect(end({ SessionStatus: 'completed' })).toMatchObject(hungUp)
  })
})

describe('a call that is placed', () => {
  const urls = {
    preCall: 'http://10.0.0.5:4400/platforms/twilio/main/pre-call',
    events: 'http://10.0.0.5:4400/platforms/twilio/main/events',
  }
  const call = (parameters: Record<string, string>) => ({
    to: '+12025550143',
    from: '+15550100900',
    call_id: '0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa',
    result: { run_id: 'r1', outcome: goOn, parameters },
  })
  const long = { note: 'x'.repeat(4_000) }

  test('tells of itself at the address that Twilio knows, by our id', () => {
    const placed = twilio.dial.request(call(long), options, urls)
    expect(placed).toMatchObject({
      kind: 'request',
      request: {
        url: `https://api.twilio.com/2010-04-01/Accounts/${account.account_sid}/Calls.json`,
        body: {
          StatusCallback:
            'https://bookend.example/platforms/twilio/main/events?bookend_call=0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa',
        },
      },
    })
  })

  test('by another’s agent is refused when its parameters are too long', () => {
    const { relay: _, ...without } = options
    const theirs = { ...without, agents: { default: 'wss://agent.example/relay' } }
    expect(twilio.dial.request(call({ name: 'Mira' }), theirs, urls).kind).toBe('request')
    expect(twilio.dial.request(call(long), theirs, urls).kind).toBe('refused')
  })

  test('without an account is refused', () => {
    const { account_sid: _, ...without } = options
    expect(twilio.dial.request(call({}), without, urls)).toMatchObject({ kind: 'refused' })
  })
})
