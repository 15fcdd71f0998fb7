// The audit log, written in one place for every route of the table.
//
//   handler is done ─▶ does the route belong in the log? ─▶ entry ─▶ answer
//
// A1. What was answered is in the log: the entry is stored first, and without it there is no answer.
//     A process that dies between the write and its entry leaves a write that nobody was told of.
// A2. Names of fields are in it, never their values: nothing that was sent or answered is copied but
//     the id or name of what was written.
// A3. A secret that is shown is an entry too, although nothing was changed.
// A4. What calls and events report is not in it: they are records themselves, and too many.

import type { Route, RouteName } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import type { Database } from '../store/database.ts'
import { recordAudit } from '../store/postgres/audit.ts'
import type { Access } from './handlers.ts'

interface AuditedRequest {
  readonly route: Route & { readonly name: RouteName }
  readonly access: Access
  readonly isSession: boolean
  readonly params: unknown
  readonly body: unknown
  readonly answer: unknown
  readonly ip: string
  readonly requestId: string
}

export interface Audited {
  /** @throws {DatabaseAwayError} The entry is not stored. */
  record(request: AuditedRequest): Promise<void>
}

/** Reads that show a secret (A3). */
const SHOWN: ReadonlySet<RouteName> = new Set(['getWebhookSecret', 'getSigningSecret'])
/** Writes nothing, or reports for itself (A4). */
const LEFT_OUT: ReadonlySet<RouteName> = new Set([
  'simulateWorkflow',
  'backtestWorkflow',
  'dryRunWorkflow',
  'createEvent',
])

export function isAudited({ name, method, scope }: Route & { readonly name: RouteName }): boolean {
  if (SHOWN.has(name)) return true
  if (method === 'GET' || LEFT_OUT.has(name)) return false
  return scope === 'admin' || scope === 'write'
}

export function createAudited(database: Pick<Database, 'query'>, clock: Clock): Audited {
  const client = {
    query: async (sql: string, values: unknown[]) => ({ rows: await database.query(sql, values) }),
  } as unknown as Parameters<typeof recordAudit>[0]
  return {
    record: ({ route, access, isSession, params, body, answer, ip, requestId }) =>
      recordAudit(client, {
        workspaceId: access.workspaceId,
        actor: {
          kind: isSession ? 'session' : 'key',
          key_id: access.keyId,
          label: access.keyLabel,
        },
        action: route.name,
        target: targetOf(params, answer),
        fields: fieldsOf(body),
        ip,
        requestId,
        at: clock.now(),
      }),
  }
}

/** What the path names, else what the answer says was made. */
function targetOf(params: unknown, answer: unknown): string | null {
  const named = Object.values(isObject(params) ? params : {}).filter(isText)
  if (named.length > 0) return named.join('/').slice(0, 200)
  if (!isObject(answer)) return null
  // A connection and a workflow are known by their name, everything else by its id.
  const { id, name, event_id: eventId } = answer
  const made = [id, name, eventId].find(isText)
  return made?.slice(0, 200) ?? null
}

const FIELDS_MAX = 50

const fieldsOf = (body: unknown): string[] =>
  Object.keys(isObject(body) ? body : {})
    .slice(0, FIELDS_MAX)
    .map((name) => name.slice(0, 100))

const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
