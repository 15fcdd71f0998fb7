import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { teams } from './index.ts'
import { type FakeTeams, openFakeTeams } from './testing/fake.ts'

const post: EffectCase<FakeTeams> = {
  action: 'card.post',
  input: () => ({
    title: 'A call from Ada',
    text: 'Ada asked about her order.',
    fields: { Number: '+1 415 555 0100' },
    link: 'https://bookend.example.com/calls/1',
  }),
  count: ({ cards }) => cards.length,
  mayBeEmpty: true,
  ignoresAnswer: true,
}

conformance({
  connector: teams,
  open: openFakeTeams,
  cases: [post],
  hostile: (text) => [
    { action: 'card.post', input: { text } },
    { action: 'card.post', input: { text: 'x', title: text } },
    { action: 'card.post', input: { text: 'x', fields: { [text]: text } } },
  ],
})
