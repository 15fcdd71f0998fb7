import { describe } from 'vitest'
import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { twilio } from './index.ts'
import { type FakeTwilio, openFakeTwilio } from './testing/fake.ts'

const to = '+14155550100'
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString()

function prepare(fake: FakeTwilio): void {
  fake.seedMessage('scheduled')
  fake.seedCall('in-progress')
}

const messageOf = ({ messages }: FakeTwilio): string => messages[0]?.sid ?? ''
const callOf = ({ calls }: FakeTwilio): string => calls[0]?.sid ?? ''

/** All that was made, and all that was ended. */
const count = ({ messages, calls }: FakeTwilio): number => {
  const records = [...messages, ...calls]
  const ended = records.filter(({ status }) => status === 'canceled' || status === 'completed')
  return records.length + ended.length
}

const shared = { prepare, count }

const cases: readonly EffectCase<FakeTwilio>[] = [
  { ...shared, action: 'sms.send', input: () => ({ to, text: 'Hello', valid_seconds: 600 }) },
  {
    ...shared,
    action: 'sms.schedule',
    input: () => ({ to, text: 'Hello', send_at: inAnHour() }),
  },
  { ...shared, action: 'sms.cancel', input: (fake) => ({ id: messageOf(fake) }) },
  { ...shared, action: 'sms.get', input: (fake) => ({ id: messageOf(fake) }) },
  {
    ...shared,
    action: 'call.create',
    input: () => ({ to, say: 'Hello', detect_machine: true }),
  },
  { ...shared, action: 'call.create', input: () => ({ to, url: 'https://example.com/twiml' }) },
  { ...shared, action: 'call.end', input: (fake) => ({ id: callOf(fake) }) },
  { ...shared, action: 'call.get', input: (fake) => ({ id: callOf(fake) }) },
  { ...shared, action: 'number.lookup', input: () => ({ phone: to }) },
]

const hostile = (text: string) => [
  { action: 'sms.send', input: { to, text } },
  { action: 'sms.send', input: { to: text, text: 'Hello' } },
  { action: 'sms.get', input: { id: text } },
  { action: 'call.create', input: { to, say: text } },
  { action: 'number.lookup', input: { phone: text } },
  { action: 'number.lookup', input: { phone: `+1415555${text}0100` } },
]

describe('with an API key', () => {
  conformance({ connector: twilio, open: openFakeTwilio, cases, hostile })
})

describe('with the auth token', () => {
  const open = () =>
    openFakeTwilio({
      isByToken: true,
      settings: { messaging_service_sid: null, status_callback: 'https://example.com/fate?a=1' },
    })
  const own = cases.filter(({ action }) => action !== 'sms.schedule')
  // What cannot be scheduled without a service is not asked of Twilio at all.
  const { 'sms.schedule': _, ...actions } = twilio.actions
  conformance({ connector: { ...twilio, actions }, open, cases: own })
})
