// Who may do what: API keys, and the dashboard's session.

import { z } from 'zod'
import { instant, text, uuid } from './primitives.ts'

export const scopes = ['admin', 'write', 'support', 'read', 'calls'] as const
export type Scope = (typeof scopes)[number]

const IMPLIES: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin', 'write', 'support', 'read', 'calls'],
  write: ['write', 'support', 'read', 'calls'],
  support: ['support', 'read'],
  read: ['read'],
  calls: ['calls'],
}

/** Whether a key with `held` scopes may do what needs `needed`; admin ⊃ write ⊃ support ⊃ read, and write ⊃ calls. */
export function allows(held: readonly Scope[], needed: Scope): boolean {
  return held.some((scope) => IMPLIES[scope].includes(needed))
}

export const KEY_PATTERN = /^bk_([a-z0-9]{12})_([A-Za-z0-9]{43})$/

export const KeyCreate = z.strictObject({
  label: text(200).default(''),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
})
export const ApiKey = z
  .object({
    id: z.string(),
    label: z.string(),
    scopes: z.array(z.enum(scopes)),
    created_at: instant(),
    last_used_at: instant().nullable(),
  })
  .meta({ id: 'ApiKey' })
/** The value is shown once, here; it is stored hashed. */
export const KeyCreated = ApiKey.extend({ key: z.string() }).meta({ id: 'ApiKeyCreated' })
export const KeyList = z.object({ keys: z.array(ApiKey) })
export const KeyParams = z.strictObject({ id: text(12).regex(/^[a-z0-9]{12}$/) })

export const SigningSecret = z.object({ secret: z.string() })

export const SessionCreate = z.strictObject({ key: text(200) })
export const Session = z
  .object({
    workspace: z.object({ id: uuid(), name: z.string() }),
    scopes: z.array(z.enum(scopes)),
    key_label: z.string(),
    /** Personal data comes masked, and is revealed field by field by who may. */
    masked: z.boolean(),
  })
  .meta({ id: 'Session' })

export type KeyCreate = z.infer<typeof KeyCreate>
export type ApiKey = z.infer<typeof ApiKey>
export type KeyCreated = z.infer<typeof KeyCreated>
export type Session = z.infer<typeof Session>
