import { defineConnector } from '@bookend/core'
import { emailSend } from './email.ts'
import { SmtpAuth, SmtpSettings } from './schema.ts'
import { type Context, converse } from './transport.ts'

const CHECK_MS = 10_000

export const smtp = defineConnector({
  id: 'smtp',
  label: 'SMTP',
  settings: SmtpSettings,
  auth: SmtpAuth,
  // Without TLS the password would be read on the way.
  origin: ({ host, port, security }) =>
    `${security === 'none' ? 'plain' : 'secure'} ${host}:${port}`,
  check: async (ctx: Context) => {
    await converse(ctx, CHECK_MS, ({ transport }) => transport.verify())
    const { auth, settings } = ctx
    return {
      account: auth === null ? settings.host : `${auth.user} at ${settings.host}`,
      warnings: [],
    }
  },
  actions: { 'email.send': emailSend },
})
