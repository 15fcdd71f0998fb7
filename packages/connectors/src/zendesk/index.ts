import { defineConnector } from '@bookend/core'
import { check } from './check.ts'
import { ticketComment } from './comment.ts'
import { contactFindByPhone, contactGet, contactUpsert } from './contact.ts'
import { RecentCallers } from './recent-callers.ts'
import { readLimits } from './rest.ts'
import { ZendeskAuth, ZendeskSettings, hostOf } from './schema.ts'
import {
  ticketAssign,
  ticketCreate,
  ticketFindOpen,
  ticketGet,
  ticketResolve,
  ticketUpdate,
} from './ticket.ts'

export const zendesk = defineConnector({
  id: 'zendesk',
  label: 'Zendesk',
  settings: ZendeskSettings,
  auth: ZendeskAuth,
  client: {
    open: () => new RecentCallers(),
    close: () => Promise.resolve(),
  },
  origin: (settings) => new URL(hostOf(settings)).origin,
  // Of the smallest plan.
  buckets: { default: { limit: 200, perMs: 60_000 } },
  readLimits,
  check,
  actions: {
    'contact.find_by_phone': contactFindByPhone,
    'contact.get': contactGet,
    'contact.upsert': contactUpsert,
    'ticket.find_open': ticketFindOpen,
    'ticket.get': ticketGet,
    'ticket.create': ticketCreate,
    'ticket.update': ticketUpdate,
    'ticket.assign': ticketAssign,
    'ticket.resolve': ticketResolve,
    'ticket.comment': ticketComment,
  },
})
