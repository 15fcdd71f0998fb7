// Voice platforms that ask this server before their calls, and report how the calls went.

import { z } from 'zod'
import { instant, jsonObject, text, uuid } from './primitives.ts'

export const voicePlatformIds = [
  'simple-ai',
  'retell',
  'vapi',
  'elevenlabs',
  'twilio',
  'telnyx',
  'bland',
  'assemblyai',
  'livekit',
  'jambonz',
  'sip',
] as const
export const VoicePlatformId = z.enum(voicePlatformIds)

const PLATFORM_OPTIONS_BYTES_MAX = 65_536
const AGENTS_MAX = 1_000

/** Part of the addresses that the platform calls; taken once on a server. */
const connectionName = text(64).regex(/^[a-z0-9][a-z0-9_-]*$/, {
  error: 'must be lower case letters, digits, - and _',
})
export const PlatformParams = z.strictObject({
  platform: VoicePlatformId,
  connection: connectionName,
})

const platformFields = {
  /** As the platform's schema says; its secrets are kept encrypted and never shown. */
  options: jsonObject(PLATFORM_OPTIONS_BYTES_MAX),
  /** The platform's agents by their ids there, and the agents here whose workflows answer for them. */
  agents: z
    .record(text(200).min(1), uuid())
    .refine((agents) => Object.keys(agents).length <= AGENTS_MAX, {
      error: `must name at most ${AGENTS_MAX} agents`,
    }),
  /** Answers for agents that are not among `agents`; null: the one of the number that was called. */
  default_agent_id: uuid().nullable(),
  /** `call.completed` waits so long for the analysis and then goes without it; null: it never waits. */
  analysis_wait_minutes: z.number().int().min(1).max(1_440).nullable(),
}

export const PlatformCreate = z.strictObject({
  platform: VoicePlatformId,
  name: connectionName,
  ...platformFields,
  options: platformFields.options.default({}),
  agents: platformFields.agents.default({}),
  default_agent_id: platformFields.default_agent_id.default(null),
  analysis_wait_minutes: platformFields.analysis_wait_minutes.default(null),
})

/** `options` are merged by name, null takes one away; `agents` are replaced whole. */
export const PlatformUpdate = z
  .strictObject(platformFields)
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: 'must change at least one field' })

/** What came in by one of the two addresses. */
export const PlatformDoor = z.object({
  url: z.string(),
  last_accepted_at: instant().nullable(),
  last_refused_at: instant().nullable(),
  /** Why its signature or token was not taken. */
  last_refused_why: z.string().nullable(),
})

export const Platform = z
  .object({
    platform: VoicePlatformId,
    name: z.string(),
    version: z.number().int(),
    /** Secrets read as dots. */
    options: z.record(z.string(), z.unknown()),
    agents: z.record(z.string(), uuid()),
    default_agent_id: uuid().nullable(),
    analysis_wait_minutes: z.number().int().nullable(),
    budget_ms: z.number().nullable(),
    /** Why it cannot be used, such as `options_unreadable`; null: it can. */
    unusable: z.string().nullable(),
    pre_call: PlatformDoor,
    events: PlatformDoor,
    created_at: instant(),
    updated_at: instant(),
  })
  .meta({ id: 'Platform' })
export const PlatformList = z.object({ platforms: z.array(Platform) })

/** `options` is JSON Schema 2020-12; a secret has `writeOnly`. */
export const PlatformAdapter = z
  .object({
    platform: VoicePlatformId,
    label: z.string(),
    options: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'PlatformAdapter' })
export const PlatformAdapterList = z.object({ adapters: z.array(PlatformAdapter) })

/** Objects of the platform's that can be set up by request. */
export const PlatformSetUpTargets = z.strictObject({
  agent_ids: z.array(text(200).min(1)).max(100).default([]),
  number_ids: z.array(text(200).min(1)).max(100).default([]),
})
export const PlatformSetUpStep = z.object({
  title: z.string(),
  detail: z.string(),
  /** To be set by hand on the platform's side; null: there is nothing to set. */
  settings: z.record(z.string(), z.unknown()).nullable(),
  /** Requests by which it can be set from here; it may need the ids of agents or numbers. */
  requests: z.array(
    z.object({
      method: z.string(),
      url: z.string(),
      /** Null: it was not sent. */
      status: z.number().int().nullable(),
      /** Why it was not done; null: it was, or was not asked for. */
      error: z.string().nullable(),
    }),
  ),
})
/** What its API can set up with the options as they are; agents and numbers need their ids. */
const setUpTarget = z.enum(['account', 'agents', 'numbers'])
export const PlatformSetUp = z
  .object({ steps: z.array(PlatformSetUpStep), targets: z.array(setUpTarget) })
  .meta({ id: 'PlatformSetUp' })

export const PlatformFinding = z.object({
  code: z.string(),
  level: z.enum(['ok', 'warning', 'fault']),
  detail: z.string(),
})
export const PlatformChecked = z
  .object({ ok: z.boolean(), findings: z.array(PlatformFinding) })
  .meta({ id: 'PlatformChecked' })

export type VoicePlatformId = z.infer<typeof VoicePlatformId>
export type PlatformCreate = z.infer<typeof PlatformCreate>
export type PlatformUpdate = z.infer<typeof PlatformUpdate>
export type Platform = z.infer<typeof Platform>
export type PlatformSetUp = z.infer<typeof PlatformSetUp>
export type PlatformFinding = z.infer<typeof PlatformFinding>
export type PlatformChecked = z.infer<typeof PlatformChecked>
