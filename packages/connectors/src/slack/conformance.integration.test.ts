import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { slack } from './index.ts'
import { CHANNEL, type FakeSlack, openFakeSlack } from './testing/fake.ts'

const EMAIL = 'ada@example.com'
const USER = 'U0PERSON00'

function prepare(fake: FakeSlack): void {
  fake.seed('Somebody called.')
  fake.addUser(EMAIL)
}

const shared = {
  prepare,
  count: ({ messages }: FakeSlack) => messages.length,
  writes: ({ path }) => path.startsWith('/chat.'),
} satisfies Partial<EffectCase<FakeSlack>>

const content = {
  text: 'Ada asked about her order.',
  title: 'A call from Ada',
  fields: { Number: '+1 415 555 0100' },
  link: 'https://bookend.example.com/calls/1?a=1&b=2',
}

const post: EffectCase<FakeSlack> = {
  ...shared,
  action: 'message.post',
  input: () => ({ ...content, channel: CHANNEL, thread_id: '1767600000.000100' }),
}
const find: EffectCase<FakeSlack> = {
  ...shared,
  action: 'person.find_by_email',
  input: () => ({ email: EMAIL }),
}

const cases: readonly EffectCase<FakeSlack>[] = [
  post,
  { ...shared, action: 'message.direct', input: () => ({ ...content, user: USER }) },
  {
    ...shared,
    action: 'message.update',
    input: ({ messages }) => ({ ...content, channel: CHANNEL, id: messages[0]?.ts }),
  },
  find,
]

conformance({
  connector: slack,
  open: openFakeSlack,
  cases,
  innerFailures: [
    {
      name: 'a post that says it failed',
      case: post,
      answer: { status: 200, body: { ok: false, error: 'is_archived' } },
    },
    { name: 'an answer that says nothing', case: post, answer: { status: 200, body: {} } },
    {
      name: 'a look-up that says it failed',
      case: find,
      answer: { status: 200, body: { ok: false, error: 'invalid_auth' } },
    },
  ],
  hostile: (text) => [
    { action: 'message.post', input: { text, channel: CHANNEL } },
    { action: 'message.post', input: { text: 'x', title: text, channel: CHANNEL } },
    { action: 'message.post', input: { text: 'x', fields: { [text]: text }, channel: CHANNEL } },
    { action: 'message.post', input: { text: 'x', channel: text } },
    { action: 'person.find_by_email', input: { email: text } },
  ],
})
