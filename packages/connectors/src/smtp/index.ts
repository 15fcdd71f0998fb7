import { defineConnector } from '@bookend/core'
import { emailSend } from './actions.ts'
import { SmtpAuth, SmtpSettings } from './schema.ts'

export { escapeHtml } from './escape-html.ts'

export const smtp = defineConnector({
  id: 'smtp',
  label: 'SMTP',
  settings: SmtpSettings,
  auth: SmtpAuth,
  actions: { 'email.send': emailSend },
})
