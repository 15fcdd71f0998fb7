// Who did what to the configuration, when and from where (contract §7). No value is ever in it.

import { z } from 'zod'
import { instant, listQuery, nextCursor, text, uuid } from './primitives.ts'

export const AuditEntry = z
  .object({
    id: uuid(),
    created_at: instant(),
    actor: z.object({
      kind: z.enum(['key', 'session', 'system']),
      key_id: z.string().nullable(),
      label: z.string(),
    }),
    /** The operation's name in the API, such as `createKey`. */
    action: z.string(),
    /** Which one, by its id or name. */
    target: z.string().nullable(),
    /** The names of the fields that were sent. */
    fields: z.array(z.string()),
    ip: z.string().nullable(),
    request_id: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' })

export const AuditListQuery = z.strictObject({
  ...listQuery,
  action: text(100).optional(),
  target: text(200).optional(),
  key_id: text(100).optional(),
  /** From then on, and before `until`. */
  since: instant().optional(),
  until: instant().optional(),
})
export const AuditList = z.object({ audit: z.array(AuditEntry), next_cursor: nextCursor })

/** Whether the log is what was written; `seal` is to be kept elsewhere by who wants to compare. */
export const AuditSeals = z
  .object({
    sealed: z.number().int(),
    /** Of the newest sealed entry, in hexadecimal. */
    seal: z.string().nullable(),
    /** The first place at which an entry was changed or taken out; null: there is none. */
    broken_at: z.number().int().nullable(),
  })
  .meta({ id: 'AuditSeals' })

export type AuditEntry = z.infer<typeof AuditEntry>
export type AuditListQuery = z.infer<typeof AuditListQuery>
export type AuditSeals = z.infer<typeof AuditSeals>
