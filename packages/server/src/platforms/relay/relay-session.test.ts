import { fakeClock } from '@bookend/core/testing'
import { openConnection } from '@bookend/platforms'
import { describe, expect, test } from 'vitest'
import type { ModelPart, SpeakingModel } from '../../agent/speaking-model.ts'
import { twilioOptions } from '../../testing/phone.ts'
import type { Speaker } from './find-speaker.ts'
import { PreparedCalls } from './prepared-calls.ts'
import { RelaySession } from './relay-session.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const says = (...parts: readonly ModelPart[]): SpeakingModel => ({
  async *stream() {
    yield* parts
  },
})
const speaker: Speaker = { system: '', greeting: 'Hello.', agentFirst: true }
const setUp = { type: 'setup', callSid: 'CA1', sessionId: 'VX1', from: '+15550100001' }

function open(model: SpeakingModel, found: Promise<Speaker | null> = Promise.resolve(speaker)) {
  const clock = fakeClock()
  const sent: Record<string, unknown>[] = []
  const kept: string[] = []
  let isClosed = false
  const opened = openConnection('twilio', twilioOptions)
  const relay = opened.ok ? opened.connection.relay : null
  if (relay === null) throw new Error('the connection has no relay')
  const session = new RelaySession({
    model,
    clock,
    relay,
    log: silent,
    label: 'twilio/main',
    findSpeaker: () => found,
    keep: { add: (events) => void kept.push(...events.map(({ event_type }) => event_type)) },
    socket: {
      send: (text) => void sent.push(JSON.parse(text) as Record<string, unknown>),
      close: () => void (isClosed = true),
    },
  })
  const receive = async (message: object) => {
    session.receive(JSON.stringify(message))
    await clock.advance(0)
  }
  return { clock, session, sent, kept, receive, isClosed: () => isClosed }
}

describe('a session', () => {
  test('hears what is said while its speaker is looked up (R3)', async () => {
    let found: (speaker: Speaker) => void = () => undefined
    const late = new Promise<Speaker>((resolve) => (found = resolve))
    const { clock, receive, sent } = open(
      says({ kind: 'text', text: 'Yes.' }, { kind: 'finished' }),
      late,
    )
    await receive(setUp)
    await receive({ type: 'prompt', voicePrompt: 'Anybody there?', last: true })
    expect(sent).toEqual([])
    found(speaker)
    await clock.advance(0)
    expect(sent.map(({ token }) => token)).toEqual(['Hello.', 'Yes.', ''])
  })

  test('sends a word before it is recorded (R1), and records each sentence once', async () => {
    const { receive, kept } = open(says({ kind: 'text', text: 'Yes.' }, { kind: 'finished' }))
    await receive(setUp)
    await receive(setUp)
    await receive({ type: 'prompt', voicePrompt: 'There?', last: true })
    expect(kept).toEqual(['call.started', ...Array<string>(3).fill('call.transcript_update')])
  })

  test('is handed to its rescue when the server stops', async () => {
    const { clock, session, receive, sent, isClosed } = open(says())
    await receive(setUp)
    session.leave()
    const { handoffData } = sent.at(-1) ?? {}
    expect(JSON.parse(String(handoffData))).toEqual({
      bookend: 'transfer',
      reason: 'server_stopped',
      target: 'front desk',
    })
    expect(isClosed()).toBe(false)
    await clock.advance(5_000)
    expect(isClosed()).toBe(true)
  })

  test('that was closed sends nothing, and leaves nothing that waits', async () => {
    const { clock, session, receive, sent } = open(says({ kind: 'text', text: 'Yes.' }))
    await receive(setUp)
    const count = sent.length
    session.closed()
    session.leave()
    await receive({ type: 'prompt', voicePrompt: 'There?', last: true })
    expect(sent).toHaveLength(count)
    expect(clock.pendingTimers).toBe(0)
  })
})

test('what was prepared is kept for two minutes', async () => {
  const clock = fakeClock()
  const prepared = new PreparedCalls<string>(clock)
  prepared.keep('r1', 'one')
  await clock.advance(119_999)
  expect(prepared.find('r1')).toBe('one')
  await clock.advance(1)
  expect(prepared.find('r1')).toBeUndefined()
  expect(prepared.find('r2')).toBeUndefined()
})
