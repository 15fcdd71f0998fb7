import { defineConnector } from '@bookend/core'
import { check, emailSend } from './email.ts'
import { receipts } from './receipts.ts'
import { readLimits } from './rest.ts'
import { SendgridAuth, SendgridSettings } from './schema.ts'

export const sendgrid = defineConnector({
  id: 'sendgrid',
  label: 'SendGrid',
  settings: SendgridSettings,
  auth: SendgridAuth,
  origin: ({ base_url }) => new URL(base_url).origin,
  buckets: { default: { limit: 100, perMs: 1_000 } },
  readLimits,
  check,
  receipts,
  actions: { 'email.send': emailSend },
})
