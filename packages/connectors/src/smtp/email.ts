// Sends one email through a relay.
//
// M1. Addresses, names and subject are checked before the library sees them (threat D8).
// M2. A connection lost after the relay asked for the body may have delivered: `unknown`.
// M3. The Message-ID is made of the key, so every try of one effect carries the same.

import { action, keyId } from '@bookend/core'
import { EmailInput, emailHeaders } from '../email-input.ts'
import { type SmtpSettings, Sent } from './schema.ts'
import { type Context, converse } from './transport.ts'

const TIMEOUT_MS = 20_000

export const emailSend = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: EmailInput,
  output: Sent,
  timeoutMs: TIMEOUT_MS,
  preview: () => ({ id: 'dry_email', status: 'accepted' as const, rejected: [] }),
  render: renderMail,
  run: async (ctx: Context, input) => {
    const mail = renderMail(ctx.settings, input, ctx.key)
    const { rejected } = await converse(ctx, TIMEOUT_MS, ({ transport, signal }) =>
      transport.sendMail(withSignal(mail, signal)),
    )
    return { id: mail.messageId, status: 'accepted' as const, rejected }
  },
})

/** The library closes its connection by it; its typings do not know. */
function withSignal<M extends object>(mail: M, signal: AbortSignal): M {
  return Object.assign(mail, { signal })
}

function renderMail(settings: SmtpSettings, input: EmailInput, key: string) {
  const { to, subject, text, html, reply_to: replyTo } = input
  return {
    from: { name: settings.from_name, address: settings.from },
    to: to.map((address) => ({ name: '', address })),
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    ...(replyTo === undefined ? {} : { replyTo }),
    messageId: `<${keyId(key)}@${settings.from.split('@')[1] ?? ''}>`,
    headers: emailHeaders(input),
  }
}
