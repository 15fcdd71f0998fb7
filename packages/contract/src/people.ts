// People of a workspace. Each signs in with a key of their own, which speaks for them and ends with
// them; what they may do is their role's, read at each request.

import { z } from 'zod'
import type { Scope } from './access.ts'
import { instant, text, uuid } from './primitives.ts'

export const roles = ['admin', 'operator', 'support', 'viewer'] as const
export type Role = (typeof roles)[number]

export const SCOPE_OF_ROLE = {
  admin: 'admin',
  operator: 'write',
  support: 'support',
  viewer: 'read',
} as const satisfies Record<Role, Scope>

const fields = {
  name: text(100).trim().min(1),
  email: z.email().max(254),
  role: z.enum(roles),
  /** As handoffs are assigned: `billing` for those of `team:billing`. */
  team: text(64).trim().min(1).nullable(),
}

export const Person = z
  .object({
    id: uuid(),
    ...fields,
    created_at: instant(),
    /** When they, or a program with their key, last asked for something. */
    last_seen_at: instant().nullable(),
  })
  .meta({ id: 'Person' })

export const PersonCreate = z.strictObject({ ...fields, team: fields.team.default(null) })
export const PersonUpdate = z.strictObject(fields).partial()
/** The key is shown once, here; it is stored hashed. */
export const PersonWithKey = Person.extend({ key: z.string() }).meta({ id: 'PersonWithKey' })
export const PersonList = z.object({ people: z.array(Person) })

/** Names one field of one record, such as `call/<id>/from_number`. */
export const RevealHandle =
  /^(call\/[0-9a-f-]{36}\/(from_number|to_number|transcripts|params|prompt|result)|run\/[0-9a-f-]{36}\/(input|parameters|steps))$/
export const RevealAsk = z.strictObject({ handle: text(100).regex(RevealHandle) })
export const Revealed = z.object({ handle: z.string(), value: z.custom<unknown>().meta({}) })

export type Person = z.infer<typeof Person>
export type PersonCreate = z.infer<typeof PersonCreate>
export type PersonUpdate = z.infer<typeof PersonUpdate>
