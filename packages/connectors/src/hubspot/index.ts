import { defineConnector } from '@bookend/core'
import { callLog } from './call.ts'
import { check } from './check.ts'
import { contactFindByPhone, contactGet, contactUpsert } from './contact.ts'
import { noteCreate, taskCreate } from './note.ts'
import { personFindByEmail } from './owner.ts'
import { install } from './property.ts'
import { recordAssociate } from './record.ts'
import { readLimits } from './rest.ts'
import { HubspotAuth, HubspotSettings } from './schema.ts'
import { ticketCreate, ticketFindOpen, ticketGet, ticketResolve, ticketUpdate } from './ticket.ts'

export const hubspot = defineConnector({
  id: 'hubspot',
  label: 'HubSpot',
  settings: HubspotSettings,
  auth: HubspotAuth,
  origin: ({ base_url }) => new URL(base_url).origin,
  buckets: {
    default: { limit: 100, perMs: 10_000 },
    search: { limit: 4, perMs: 1_000 },
  },
  readLimits,
  check,
  install,
  actions: {
    'contact.find_by_phone': contactFindByPhone,
    'contact.get': contactGet,
    'contact.upsert': contactUpsert,
    'call.log': callLog,
    'ticket.find_open': ticketFindOpen,
    'ticket.get': ticketGet,
    'ticket.create': ticketCreate,
    'ticket.update': ticketUpdate,
    'ticket.resolve': ticketResolve,
    'note.create': noteCreate,
    'task.create': taskCreate,
    'record.associate': recordAssociate,
    'person.find_by_email': personFindByEmail,
  },
})
