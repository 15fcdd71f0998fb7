// Emails by SendGrid.
//
// M1. SendGrid takes no key: an email whose answer was lost is never sent again on a guess.
// M2. Only 202 is an email: 200 is what a sandbox says, which sends none.

import type { CheckResult } from '@bookend/core'
import { ConnectorFault, action, keyId, maybeDone } from '@bookend/core'
import { type EmailInput, emailHeaders } from '../email-input.ts'
import { Message } from '../records.ts'
import { type Context, exchange } from './rest.ts'
import { SendgridEmailInput, type SendgridSettings } from './schema.ts'

const WRITE_MS = 10_000

const path = ['v3', 'mail', 'send']

export const emailSend = action({
  effect: 'write',
  idempotency: {
    class: 'none',
    by: 'run',
    receipt: "SendGrid's event webhook carries the key of the email as bookend_key",
  },
  input: SendgridEmailInput,
  output: Message,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_email', status: 'accepted' }),
  run: async (ctx: Context, input) => {
    const key = keyId(ctx.key)
    const { status, headers } = await exchange(ctx, {
      effect: 'write',
      method: 'POST',
      path,
      body: { json: renderMail(ctx.settings, input, key) },
      answer: 'ignored',
    })
    if (status !== 202) throw new ConnectorFault(maybeDone('write', `http_${status}`))
    const id = headers['x-message-id'] ?? ''
    return { id: /^[\x21-\x7e]{1,200}$/.test(id) ? id : key, status: 'accepted' }
  },
})

function renderMail(settings: SendgridSettings, input: EmailInput, key: string) {
  const { to, subject, text, html, reply_to: replyTo } = input
  const { from, from_name: name } = settings
  return {
    personalizations: [
      // Comes back with its events.
      { to: to.map((email) => ({ email })), custom_args: { bookend_key: key } },
    ],
    from: { email: from, ...(name === '' ? {} : { name }) },
    ...(replyTo === undefined ? {} : { reply_to: { email: replyTo } }),
    subject,
    content: [
      { type: 'text/plain', value: text },
      ...(html === undefined ? [] : [{ type: 'text/html', value: html }]),
    ],
    headers: emailHeaders(input),
  }
}

/** An email to oneself in the sandbox: judged as any other, and not sent. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { settings } = ctx
  const mail = renderMail(
    settings,
    { to: [settings.from], subject: 'Check', text: 'Not sent' },
    'bk_check',
  )
  await exchange(ctx, {
    effect: 'read',
    method: 'POST',
    path,
    body: { json: { ...mail, mail_settings: { sandbox_mode: { enable: true } } } },
    answer: 'ignored',
  })
  return { account: `${new URL(settings.base_url).host}, as ${settings.from}`, warnings: [] }
}
