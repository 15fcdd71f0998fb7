import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { sendgrid } from './index.ts'
import { type FakeSendgrid, openFakeSendgrid } from './testing/fake.ts'

const mail = { to: ['ada@example.com'], subject: 'Your call', text: 'Hello' }

const send: EffectCase<FakeSendgrid> = {
  action: 'email.send',
  count: ({ mails }) => mails.length,
  input: () => ({
    ...mail,
    html: '<p>Hello</p>',
    reply_to: 'team@example.com',
    unsubscribe: { url: 'https://example.com/stop', mailto: 'stop@example.com' },
  }),
}

conformance({
  connector: sendgrid,
  open: openFakeSendgrid,
  cases: [send],
  innerFailures: [{ name: 'a 200 of the sandbox', case: send, answer: { status: 200, body: {} } }],
  hostile: (text) => [
    { action: 'email.send', input: { ...mail, text, subject: text, html: text } },
    { action: 'email.send', input: { ...mail, to: [text] } },
    { action: 'email.send', input: { ...mail, reply_to: `ada${text}@example.com` } },
  ],
})
