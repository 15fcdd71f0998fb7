import { defineConnector } from '@bookend/core'
import { callCreate, callEnd, callGet } from './call.ts'
import { check } from './check.ts'
import { numberLookup } from './number.ts'
import { receipts } from './receipts.ts'
import { TwilioAuth, TwilioSettings } from './schema.ts'
import { SendCaps } from './send-caps.ts'
import { smsCancel, smsGet, smsSchedule, smsSend } from './sms.ts'

export const twilio = defineConnector({
  id: 'twilio',
  label: 'Twilio',
  settings: TwilioSettings,
  auth: TwilioAuth,
  client: { open: () => new SendCaps(), close: () => Promise.resolve() },
  origin: ({ base_url: base, lookups_url: lookups, account_sid: sid }) =>
    `${sid} ${new URL(base).origin} ${new URL(lookups).origin}`,
  // Twilio tells of none; what it takes too fast waits in its own queues.
  buckets: { default: { limit: 50, perMs: 1_000 } },
  check,
  receipts,
  actions: {
    'sms.send': smsSend,
    'sms.schedule': smsSchedule,
    'sms.cancel': smsCancel,
    'sms.get': smsGet,
    'call.create': callCreate,
    'call.end': callEnd,
    'call.get': callGet,
    'number.lookup': numberLookup,
  },
})
