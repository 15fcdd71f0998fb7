import { defineConnector } from '@bookend/core'
import { GoogleAuth, originOf } from '../google/schema.ts'
import { TokenCache } from '../rest/token-cache.ts'
import { check } from './check.ts'
import { eventCancel, eventCreate, eventGet, eventUpdate } from './event.ts'
import { GoogleCalendarSettings } from './schema.ts'
import { slotFind } from './slot.ts'

export const googleCalendar = defineConnector({
  id: 'google-calendar',
  label: 'Google Calendar',
  settings: GoogleCalendarSettings,
  auth: GoogleAuth,
  client: { open: () => new TokenCache(), close: () => Promise.resolve() },
  origin: originOf,
  // For each user and minute; answers say nothing of it.
  buckets: { default: { limit: 600, perMs: 60_000 } },
  check,
  actions: {
    'slot.find': slotFind,
    'event.create': eventCreate,
    'event.get': eventGet,
    'event.update': eventUpdate,
    'event.cancel': eventCancel,
  },
})
