import { defineConnector } from '@bookend/core'
import { TokenCache } from '../rest/token-cache.ts'
import { check } from './check.ts'
import { contactFindByPhone, contactGet, contactUpsert } from './contact.ts'
import { recordQuery, recordQueryOne, recordUpsert } from './record.ts'
import { SalesforceAuth, SalesforceSettings } from './schema.ts'
import { readLimits } from './session.ts'
import { callLog, noteCreate, taskCreate } from './task.ts'
import { ticketCreate, ticketFindOpen, ticketGet, ticketResolve, ticketUpdate } from './ticket.ts'

export const salesforce = defineConnector({
  id: 'salesforce',
  label: 'Salesforce',
  settings: SalesforceSettings,
  auth: SalesforceAuth,
  client: { open: () => new TokenCache(), close: () => Promise.resolve() },
  origin: ({ base_url }) => new URL(base_url).origin,
  // What is limited is the day; this only keeps a burst from taking all of it.
  buckets: { default: { limit: 100, perMs: 10_000 } },
  readLimits,
  check,
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
    'record.query_one': recordQueryOne,
    'record.query': recordQuery,
    'record.upsert': recordUpsert,
  },
})
