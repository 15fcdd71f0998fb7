import { defineConnector } from '@bookend/core'
import { check } from './check.ts'
import { contactFindByPhone, contactGet, contactUpsert } from './contact.ts'
import { conversationCreate, conversationFindOpen } from './conversation.ts'
import { noteCreate, ticketComment } from './note.ts'
import { readLimits } from './rest.ts'
import { IntercomAuth, IntercomSettings, hostOf } from './schema.ts'
import {
  ticketAssign,
  ticketCreate,
  ticketFindOpen,
  ticketGet,
  ticketResolve,
  ticketUpdate,
} from './ticket.ts'

export const intercom = defineConnector({
  id: 'intercom',
  label: 'Intercom',
  settings: IntercomSettings,
  auth: IntercomAuth,
  origin: (settings) => new URL(hostOf(settings)).origin,
  buckets: {
    default: { limit: 1_600, perMs: 10_000 },
    search: { limit: 160, perMs: 10_000 },
  },
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
    'note.create': noteCreate,
    'conversation.find_open': conversationFindOpen,
    'conversation.create': conversationCreate,
  },
})
