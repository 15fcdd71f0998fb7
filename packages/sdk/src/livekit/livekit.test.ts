import { describe, expect, test } from 'vitest'
import { connectLiveKit, factsOf, transcriptOf } from './index.ts'

const SECRET = 'whsec_TElWRUtJVC1BR0VOVC1TRUNSRVQtMDE='
const caller = {
  attributes: {
    'sip.phoneNumber': '+447700900142',
    'sip.trunkPhoneNumber': '+15550123',
    'sip.callID': 'abc@10.0.0.1',
  },
}
const before = { room: 'call-1', ...factsOf(caller) }

interface Asked {
  readonly url: string
  readonly init: RequestInit
}

/** Answers one after the other; a text is a network fault. */
function agentOf(...answers: readonly (Response | string)[]) {
  const asked: Asked[] = []
  const left = [...answers]
  const fetch = (async (url: string, init: RequestInit) => {
    asked.push({ url, init })
    const answer = left.shift() ?? 'nobody answers'
    if (typeof answer === 'string') throw new TypeError(answer)
    return answer
  }) as typeof globalThis.fetch
  const address = 'https://bookend.example/platforms/livekit/main/'
  const options = { address, token: 't', eventSecret: SECRET, pausesMs: [0, 0], fetch }
  return { asked, agent: connectLiveKit(options) }
}
const json = (body: unknown, status = 200) => Response.json(body, { status })

describe('before the call', () => {
  test('an agent is told parameters, greeting and outcome, and fills its instructions once', async () => {
    const { asked, agent } = agentOf(
      json({
        parameters: { name: 'Mira {{plan}}', open: 2 },
        outcome: { type: 'transfer', to_number: '+447700900577' },
        greeting: 'Hi Mira.',
        run_id: 'r1',
      }),
    )
    const prepared = await agent.beforeCall(before)
    expect(prepared).toMatchObject({
      outcome: { type: 'transfer', to_number: '+447700900577' },
      greeting: 'Hi Mira.',
      runId: 'r1',
      why: null,
    })
    expect(prepared.render('Help {{name}}, {{ open }} bills{{gone}}.')).toBe(
      'Help Mira {{plan}}, 2 bills.',
    )
    const [{ url, init }] = asked as [Asked]
    expect(url).toBe('https://bookend.example/platforms/livekit/main/pre-call')
    expect(JSON.parse(init.body as string)).toEqual({
      call: {
        from_number: '+447700900142',
        to_number: '+15550123',
        direction: 'inbound',
        call_id: 'call-1',
        context: { 'sip.callID': 'abc@10.0.0.1' },
      },
    })
  })

  test.each([
    ['is away', 'connect ECONNREFUSED', /ECONNREFUSED/],
    ['refuses the token', json({ code: 'unauthenticated' }, 401), /401/],
    ['answers no JSON', new Response('<html>'), /JSON/],
    ['answers a list', json([]), /no object/],
  ])('the call goes on with nothing known when Bookend %s (A1)', async (_, answer, why) => {
    const prepared = await agentOf(answer).agent.beforeCall(before)
    expect(prepared).toMatchObject({
      parameters: {},
      outcome: { type: 'continue' },
      greeting: null,
    })
    expect(prepared.why).toMatch(why)
    expect(prepared.render('Help {{name}}.')).toBe('Help .')
  })

  test('nobody is waited for longer than the deadline (A1)', async () => {
    const fetch = ((_: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
      })) as typeof globalThis.fetch
    const agent = connectLiveKit({ address: 'https://b.example', token: 't', deadlineMs: 1, fetch })
    expect((await agent.beforeCall(before)).why).toMatch(/timeout/i)
  })

  test('an outcome that this version does not know is none', async () => {
    const { agent } = agentOf(json({ outcome: { type: 'sing' }, parameters: [] }))
    expect(await agent.beforeCall(before)).toMatchObject({
      outcome: { type: 'continue' },
      parameters: {},
    })
  })

  test('of a call that was placed the far end is its target', () => {
    const attributes = { ...caller.attributes, 'sip.callDirection': 'outbound' }
    expect(factsOf({ attributes })).toMatchObject({
      from: '+15550123',
      to: '+447700900142',
      direction: 'outbound',
    })
  })
})

describe('after the call', () => {
  const after = { room: 'call-1', transcripts: [] }

  test('the transcript is sent again with the same id, and signed afresh (A2)', async () => {
    const { asked, agent } = agentOf('reset', json({}, 200))
    await agent.afterCall(after)
    const bodies = asked.map(({ init }) => JSON.parse(init.body as string) as { event_id: string })
    expect(bodies).toHaveLength(2)
    expect(bodies[0]?.event_id).toBe(bodies[1]?.event_id)
    const signatures = asked.map(({ init }) => new Headers(init.headers).get('webhook-signature'))
    expect(new Set(signatures).size).toBe(2)
  })

  test('what is refused for what it is, is not sent again', async () => {
    const { asked, agent } = agentOf(json({}, 401))
    await expect(agent.afterCall(after)).rejects.toThrow(/call-1 was not taken: .*401/)
    expect(asked).toHaveLength(1)
  })

  test('a transcript holds what both sides said and what tools did, and no instructions', () => {
    const at = Date.parse('2026-03-02T15:04:07.000Z')
    expect(
      transcriptOf([
        { type: 'message', role: 'system', textContent: 'You help callers.' },
        { type: 'message', role: 'assistant', textContent: 'Hi Mira.', createdAt: at },
        { type: 'function_call', name: 'find_visit', args: '{"day":"Friday"}' },
        { type: 'function_call_output', name: 'find_visit', output: 'none' },
        { type: 'message', role: 'user', textContent: 'Thanks.' },
        { type: 'message', role: 'user', textContent: '' },
        { type: 'agent_handoff' },
      ]),
    ).toEqual([
      { role: 'agent', text: 'Hi Mira.', timestamp: '2026-03-02T15:04:07.000Z' },
      {
        role: 'tool',
        text: '',
        timestamp: null,
        function_name: 'find_visit',
        arguments: '{"day":"Friday"}',
      },
      { role: 'tool', text: 'none', timestamp: null, function_name: 'find_visit' },
      { role: 'user', text: 'Thanks.', timestamp: null },
    ])
  })
})
