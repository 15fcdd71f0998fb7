import { defineConnector } from '@bookend/core'
import { check } from './check.ts'
import { eventCancel, eventCreate, eventGet, eventUpdate } from './event.ts'
import { CaldavAuth, CaldavSettings } from './schema.ts'
import { slotFind } from './slot.ts'

export const caldav = defineConnector({
  id: 'caldav',
  label: 'CalDAV',
  settings: CaldavSettings,
  auth: CaldavAuth,
  origin: ({ url }) => new URL(url).origin,
  check,
  actions: {
    'slot.find': slotFind,
    'event.create': eventCreate,
    'event.get': eventGet,
    'event.update': eventUpdate,
    'event.cancel': eventCancel,
  },
})
