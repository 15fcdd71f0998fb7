import { defineConnector } from '@bookend/core'
import { check } from './check.ts'
import { emailCancel, emailGet, emailSchedule, emailSend } from './email.ts'
import { receipts } from './receipts.ts'
import { readLimits } from './rest.ts'
import { ResendAuth, ResendSettings } from './schema.ts'

export const resend = defineConnector({
  id: 'resend',
  label: 'Resend',
  settings: ResendSettings,
  auth: ResendAuth,
  origin: ({ base_url }) => new URL(base_url).origin,
  // Of a new team.
  buckets: { default: { limit: 2, perMs: 1_000 } },
  readLimits,
  check,
  receipts,
  actions: {
    'email.send': emailSend,
    'email.schedule': emailSchedule,
    'email.cancel': emailCancel,
    'email.get': emailGet,
  },
})
