// Accounts of other systems, and the connectors that they are accounts of (contract §7).

import { z } from 'zod'
import { instant, json, jsonObject, text } from './primitives.ts'

export const CONNECTION_NAME = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\/([a-z0-9][a-z0-9_-]{0,63})$/

const SETTINGS_BYTES_MAX = 131_072
const AUTH_BYTES_MAX = 65_536

export const ConnectionParams = z.strictObject({
  connector: text(64).regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/),
  connection: text(64).regex(/^[a-z0-9][a-z0-9_-]*$/),
})
export const ConnectorParams = z.strictObject({ connector: ConnectionParams.shape.connector })

const settings = jsonObject(SETTINGS_BYTES_MAX)
/** Written, never read back. */
const auth = json(AUTH_BYTES_MAX)

export const ConnectionCreate = z.strictObject({
  name: text(129).regex(CONNECTION_NAME, {
    error: 'must be <connector>/<connection>, such as http/desk',
  }),
  settings: settings.default({}),
  auth: auth.default(null),
})

/** `settings` are merged by name, null takes one away; `auth` is replaced whole. */
export const ConnectionUpdate = z
  .strictObject({ settings, auth })
  .partial()
  .refine((patch) => patch.settings !== undefined || patch.auth !== undefined, {
    error: 'must change settings or auth',
  })

/**
 * `ok` · `needs_attention`: the system refused the credential · `needs_credential`: there is none, it
 * belongs to another address, or it cannot be opened.
 */
export const connectionStatuses = ['ok', 'needs_attention', 'needs_credential'] as const

export const ConnectionFailure = z.object({
  at: instant(),
  /** As steps tell it, such as `http_503` or `timeout`. */
  code: z.string(),
})

export const RateLimit = z.object({
  bucket: z.string(),
  limit: z.number().nullable(),
  remaining: z.number().nullable(),
  reset_at: instant().nullable(),
  blocked_until: instant().nullable(),
})

export const ConnectionHealth = z.object({
  last_used_at: instant().nullable(),
  last_success_at: instant().nullable(),
  last_failure: ConnectionFailure.nullable(),
  calls_last_hour: z.number().int(),
  failures_last_hour: z.number().int(),
  /** Of this process. `open`: the system keeps failing and is left alone for a while. */
  circuit: z.enum(['closed', 'open', 'half_open']),
  /** What the system told of its limits; empty while it told nothing. */
  limits: z.array(RateLimit),
})

export const ConnectionUse = z.object({
  workflow: z.string(),
  kind: z.enum(['pre-call', 'journey']),
  /** What the workflow calls it. */
  as: z.string(),
})

/** A secret reads as dots and its last four characters; a short one as dots alone. */
export const ConnectionAuth = z.object({
  kind: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
})

export const Connection = z
  .object({
    name: z.string(),
    connector: z.string(),
    /** `file`: from bookend.config.ts, and changed there. */
    origin: z.enum(['stored', 'file']),
    version: z.number().int().nullable(),
    settings: z.record(z.string(), z.unknown()),
    auth: ConnectionAuth.nullable(),
    status: z.enum(connectionStatuses),
    /** Why it is not `ok`. */
    status_code: z.string().nullable(),
    status_since: instant().nullable(),
    health: ConnectionHealth,
    used_by: z.array(ConnectionUse),
    created_at: instant().nullable(),
    updated_at: instant().nullable(),
  })
  .meta({ id: 'Connection' })

export const ConnectionList = z.object({ connections: z.array(Connection) })

export const ConnectionChecked = z
  .object({
    ok: z.boolean(),
    /** `ok`, or what is wrong, such as `http_401`, `dns_error` or `settings_invalid`. */
    code: z.string(),
    detail: z.string(),
    /** Whose account the credential opens; null where the system does not say. */
    account: z.string().nullable(),
    /** What works less well than it could, each with its remedy. */
    warnings: z.array(z.string()),
    took_ms: z.number(),
  })
  .meta({ id: 'ConnectionChecked' })

export const ConnectionInstalled = z
  .object({
    ok: z.boolean(),
    /** `ok`, or what is wrong, as a check says it. What was made before that stays. */
    code: z.string(),
    detail: z.string(),
    /** Such as `calls.bookend_key`. */
    made: z.array(z.string()),
    found: z.array(z.string()),
  })
  .meta({ id: 'ConnectionInstalled' })

export const idempotencyClasses = [
  'natural',
  'key',
  'client_id',
  'marker',
  'keyed_append',
  'none',
] as const

const jsonSchema = z.record(z.string(), z.unknown())

export const ConnectorAction = z.object({
  /** `noun.verb` */
  name: z.string(),
  effect: z.enum(['read', 'write']),
  /** How a repeat of a write is made harmless; null for a read. */
  idempotency: z
    .object({ class: z.enum(idempotencyClasses), by: z.enum(['run', 'subject']) })
    .nullable(),
  timeout_ms: z.number(),
  input: jsonSchema,
  output: jsonSchema,
})

/** Schemas are JSON Schema 2020-12; a secret has `writeOnly`. */
export const Connector = z
  .object({
    id: z.string(),
    label: z.string(),
    settings: jsonSchema,
    auth: jsonSchema,
    can_check: z.boolean(),
    actions: z.array(ConnectorAction),
  })
  .meta({ id: 'Connector' })

export const ConnectorList = z.object({ connectors: z.array(Connector) })

export type Connection = z.infer<typeof Connection>
export type ConnectionAuth = z.infer<typeof ConnectionAuth>
export type ConnectionChecked = z.infer<typeof ConnectionChecked>
export type ConnectionInstalled = z.infer<typeof ConnectionInstalled>
export type ConnectionCreate = z.infer<typeof ConnectionCreate>
export type ConnectionHealth = z.infer<typeof ConnectionHealth>
export type ConnectionUpdate = z.infer<typeof ConnectionUpdate>
export type ConnectionUse = z.infer<typeof ConnectionUse>
export type Connector = z.infer<typeof Connector>
export type ConnectorAction = z.infer<typeof ConnectorAction>
