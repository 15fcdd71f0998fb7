import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { resend } from './index.ts'
import { type FakeResend, openFakeResend } from './testing/fake.ts'

const mail = { to: ['ada@example.com'], subject: 'Your call', text: 'Hello' }

const prepare = (fake: FakeResend): void => void fake.seed('scheduled')
const idOf = ({ emails }: FakeResend): string => emails[0]?.id ?? ''

/** All that was sent, and all that was cancelled. */
const count = ({ emails }: FakeResend): number =>
  emails.length + emails.filter(({ last_event }) => last_event === 'canceled').length

const shared = { prepare, count }

const cases: readonly EffectCase<FakeResend>[] = [
  {
    ...shared,
    action: 'email.send',
    input: () => ({
      ...mail,
      html: '<p>Hello</p>',
      reply_to: 'team@example.com',
      unsubscribe: { url: 'https://example.com/stop' },
    }),
  },
  {
    ...shared,
    action: 'email.schedule',
    input: () => ({ ...mail, send_at: '2026-12-05T10:00:00+01:00' }),
  },
  { ...shared, action: 'email.cancel', input: (fake) => ({ id: idOf(fake) }) },
  { ...shared, action: 'email.get', input: (fake) => ({ id: idOf(fake) }) },
]

conformance({
  connector: resend,
  open: openFakeResend,
  cases,
  hostile: (text) => [
    { action: 'email.send', input: { ...mail, text, subject: text, html: text } },
    { action: 'email.send', input: { ...mail, to: [text] } },
    { action: 'email.send', input: { ...mail, reply_to: `ada${text}@example.com` } },
    { action: 'email.get', input: { id: text } },
  ],
})
