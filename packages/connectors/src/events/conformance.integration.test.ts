import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { events } from './index.ts'
import { type FakeCollector, openFakeCollector } from './testing/fake.ts'

const shared = {
  count: ({ messages }: FakeCollector) => messages.length,
  writes: ({ text }: { readonly text: string }) => text.includes('"messageId"'),
  mayBeEmpty: true,
  ignoresAnswer: true,
}

const track: EffectCase<FakeCollector> = {
  ...shared,
  action: 'event.track',
  input: () => ({
    user_id: 'contact_7',
    phone: '+14155550100',
    event: 'Call Completed',
    properties: { seconds: 200, tags: ['upset'] },
    timestamp: '2026-02-28T08:03:20Z',
  }),
}

conformance({
  connector: events,
  open: openFakeCollector,
  cases: [
    track,
    {
      ...shared,
      action: 'event.track_many',
      input: () => ({ phone: '+14155550100', events: [{ event: 'A' }, { event: 'B' }] }),
    },
    {
      ...shared,
      action: 'person.identify',
      input: () => ({ user_id: 'contact_7', traits: { plan: 'gold' } }),
    },
  ],
  innerFailures: [
    {
      name: 'a 200 that takes nothing',
      case: track,
      answer: { status: 200, body: { success: false } },
    },
  ],
  hostile: (text) => [
    { action: 'event.track', input: { user_id: text, event: text, properties: { [text]: text } } },
    { action: 'event.track', input: { phone: text, event: 'A', properties: { text } } },
    { action: 'person.identify', input: { user_id: text, traits: { text } } },
  ],
})
