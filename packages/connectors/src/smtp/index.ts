import { defineConnector } from '@bookend/core'
import { emailSend } from './actions.ts'
import { SmtpAuth, SmtpSettings } from './schema.ts'

export const smtp = defineConnector({
  id: 'smtp',
  label: 'SMTP',
  settings: SmtpSettings,
  auth: SmtpAuth,
  origin: ({ host, port, security }) => `${security} ${host}:${port}`,
  actions: { 'email.send': emailSend },
})
