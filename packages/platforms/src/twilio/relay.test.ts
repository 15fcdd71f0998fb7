import { describe, expect, test } from 'vitest'
import { loadFixture } from '../testing/fixture.ts'
import { findDifference } from '../testing/subset.ts'
import type { RelayMessage, RelayState } from '../adapter.ts'
import { emptyRelay, readRelayMessage } from './relay.ts'

const options = { number_format: 'e164' } as const
const at = '2026-03-02T15:04:07.000Z'

function play(messages: readonly RelayMessage[], from: RelayState = emptyRelay) {
  let state = from
  return messages.map((message) => {
    const reading = readRelayMessage(state, message, options)
    state = reading.state
    return reading.events
  })
}

describe('a ConversationRelay session', () => {
  const { frames: sent = [] } = loadFixture('twilio', 'relay.session')
  const frames = sent.map((frame) => ({
    ...frame,
    from: frame.from === 'twilio' ? ('platform' as const) : frame.from,
  }))

  test('becomes the start of a call and both sides of its transcript', () => {
    const wanted = frames.map(({ neutral_events: events }) => events)
    expect(findDifference(play(frames), wanted)).toBeNull()
  })

  test('gives each entry a key of its own', () => {
    const keys = play(frames).flatMap((events) => events.map(({ dedupe_key }) => dedupe_key))
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('counts an interruption in the middle of a sentence as what was heard of it (W2)', () => {
    const [setup] = frames
    const events = play([
      setup as RelayMessage,
      { from: 'bookend', at, message: { type: 'text', token: 'One, two', last: false } },
      { from: 'platform', at, message: { type: 'interrupt', utteranceUntilInterrupt: 'One' } },
    ]).flat()
    expect(events.at(-1)?.payload.transcript).toEqual({
      mode: 'append',
      final: true,
      entries: [{ role: 'agent', text: 'One', timestamp: at, offset_ms: null }],
    })
  })

  test.each([null, 'text', [], {}, { type: 'error' }, { type: 'prompt' }, { type: 'setup' }])(
    'goes on whatever it is sent: %j (W1)',
    (message) => {
      expect(play([{ from: 'platform', at, message }])).toEqual([[]])
    },
  )
})
