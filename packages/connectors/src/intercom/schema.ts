import { z } from 'zod'
import {
  RecordId,
  TicketCreateInput,
  TicketFindOpenInput,
  TicketResolveInput,
  TicketUpdateInput,
} from '../inputs.ts'

const Id = z.string().regex(/^\d{1,20}$/)

export const IntercomSettings = z.object({
  /** Where the workspace lives: a token works there and nowhere else. */
  region: z.enum(['us', 'eu', 'au']).default('us'),
  /** Where the API is instead, and the credential with it. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme and host')
    .nullable()
    .default(null),
  /** The teammate in whose name notes are written. */
  admin_id: Id.nullable().default(null),
  /** Of new tickets. */
  ticket_type_id: Id.nullable().default(null),
  /** The state that a ticket goes to, by id; what has none cannot be set. */
  ticket_states: z
    .object({
      open: Id.nullable().default(null),
      pending: Id.nullable().default(null),
      solved: Id.nullable().default(null),
    })
    .default({ open: null, pending: null, solved: null }),
})

export const IntercomAuth = z.object({ token: z.string().regex(/^[\x21-\x7e]{8,512}$/) })

export type IntercomSettings = z.output<typeof IntercomSettings>
export type IntercomAuth = z.output<typeof IntercomAuth>

const HOSTS = {
  us: 'intercom',
  eu: 'eu.intercom',
  au: 'au.intercom',
} as const satisfies Record<IntercomSettings['region'], string>

export const hostOf = ({ region, base_url: other }: IntercomSettings): string =>
  other ?? `https://api.${HOSTS[region]}.io`

export const appOf = ({ region }: IntercomSettings): string => `https://app.${HOSTS[region]}.com`

/** Ticket attributes have names with spaces in them. */
const AttributeName = z
  .string()
  .max(190)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_ .:()/-]*$/u)
  .refine((name) => name !== '__proto__', 'No such attribute')

const properties = z.array(AttributeName).max(50).default([])
const values = z
  .record(AttributeName, z.union([z.string().max(65_536), z.number(), z.boolean(), z.null()]))
  .default({})

export const CreateTicketInput = z.object({ ...TicketCreateInput.shape, properties: values })
export const UpdateTicketInput = z.object({ ...TicketUpdateInput.shape, properties: values })
export const ResolveTicketInput = z.object({ ...TicketResolveInput.shape, properties: values })
export const FindOpenInput = z.object({ ...TicketFindOpenInput.shape, properties })

export const AssignInput = z.object({
  id: RecordId,
  /** A teammate or a team. */
  owner_id: Id,
})

const link = z
  .url({ protocol: /^https?$/ })
  .nullable()
  .default(null)

export const CommentInput = z.object({
  id: RecordId,
  body: z.string().min(1).max(5_000_000),
  /** Whether the customer sees it, and is written to about it. */
  public: z.boolean().default(false),
  link,
})

export const CreateConversationInput = z.object({
  contact_id: z.string().regex(/^[0-9a-f]{24}$/),
  body: z.string().min(1).max(5_000_000),
  link,
})

export const Conversation = z.object({
  id: z.string().min(1),
  subject: z.string().nullable(),
  status: z.enum(['open', 'pending', 'closed']),
  assignee_id: z.string().nullable(),
  url: z.string().nullable(),
  created_at: z.iso.datetime({ offset: true }).nullable(),
  updated_at: z.iso.datetime({ offset: true }).nullable(),
})
export type Conversation = z.output<typeof Conversation>
