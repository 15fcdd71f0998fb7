// The audit log, written in one place for every route of the table.
//
//   handler ─▶ its first transaction that writes ─▶ the entry in it ─▶ commit ─▶ answer
//
// A1. A write and its entry are of one transaction: neither is there without the other. A write of
//     several transactions has its entry in the first of them.
// A2. Names of fields are in it, never their values: nothing that was sent or answered is copied but
//     the id or name of what was written.
// A3. A secret that is shown, or a masked field that is revealed, is an entry too, although nothing
//     was changed: stored before the answer, and without it there is none.
// A4. What calls and events report is not in it: they are records themselves, and too many.
// A5. A request that was refused has no entry, also when it had locked something by then.
// A6. What a request set off and that goes on behind its answer is not of it.

import { problems, type Route, type RouteName } from '@bookend/contract'
import { type Clock, createId } from '@bookend/core'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database } from '../store/database.ts'
import {
  forgetAudit,
  nameAuditTarget,
  type NewAuditEntry,
  recordAudit,
  recordAuditOfWrite,
} from '../store/postgres/audit.ts'
import type { Access } from './handlers.ts'
import { ProblemError } from './problem.ts'

interface AuditedRequest {
  readonly route: Route & { readonly name: RouteName }
  readonly access: Access
  readonly isSession: boolean
  readonly params: unknown
  /** As it was sent: what was parsed has every default among its fields. */
  readonly body: unknown
  readonly ip: string
  readonly requestId: string
}

export interface Audited {
  /** @throws What the handler throws; {DatabaseAwayError} the entry is not stored. */
  around(request: AuditedRequest, handle: () => Promise<unknown>): Promise<unknown>
}

/** `taken`: a transaction under way has it. */
interface Pending {
  readonly entry: NewAuditEntry
  state: 'open' | 'taken' | 'stored' | 'over'
  target: string | null
}

const pendings = new AsyncLocalStorage<Pending>()

/** Others change it while a transaction is awaited. */
const isOver = ({ state }: Pending): boolean => state === 'over'

/** Reads that show a secret (A3). */
const SHOWN: ReadonlySet<RouteName> = new Set(['getWebhookSecret', 'getSigningSecret'])
/** Writes nothing, or reports for itself (A4). */
const LEFT_OUT: ReadonlySet<RouteName> = new Set([
  'simulateWorkflow',
  'backtestWorkflow',
  'dryRunWorkflow',
  'createEvent',
  'previewRetention',
])

export function isAudited({ name, method, scope }: Route & { readonly name: RouteName }): boolean {
  if (SHOWN.has(name)) return true
  if (method === 'GET' || LEFT_OUT.has(name)) return false
  return scope === 'admin' || scope === 'write' || scope === 'support'
}

/** The same database; the first transaction of an audited request that writes has its entry (A1). */
export function withAudit(database: Database): Database {
  return {
    ...database,
    async transaction(work) {
      const pending = pendings.getStore()
      if (pending?.state !== 'open') return await database.transaction(work)
      pending.state = 'taken'
      let isStored = false
      try {
        return await database.transaction(async (client) => {
          const result = await work(client)
          if (isOver(pending)) return result
          const target = pending.entry.target ?? madeOf(result)
          isStored = await recordAuditOfWrite(client, { ...pending.entry, target })
          pending.target = target
          return result
        })
      } catch (error) {
        isStored = false
        throw error
      } finally {
        if (!isOver(pending)) pending.state = isStored ? 'stored' : 'open'
      }
    },
  }
}

export function createAudited(database: Pick<Database, 'query'>, clock: Clock): Audited {
  const client = {
    query: async (sql: string, values: unknown[]) => ({ rows: await database.query(sql, values) }),
  } as unknown as Parameters<typeof recordAudit>[0]

  async function answered(pending: Pending, answer: unknown): Promise<void> {
    const target = pending.entry.target ?? madeOf(answer) ?? pending.target
    if (pending.state !== 'stored') await recordAudit(client, { ...pending.entry, target })
    else if (target !== pending.target) await nameAuditTarget(client, pending.entry, target)
  }

  return {
    async around({ route, access, isSession, params, body, ip, requestId }, handle) {
      const at = clock.now()
      const { workspaceId, keyId: key_id, keyLabel: label } = access
      const entry = {
        workspaceId,
        id: createId(at),
        actor: { kind: isSession ? ('session' as const) : ('key' as const), key_id, label },
        action: route.name,
        target: namedBy(params),
        fields: fieldsOf(body),
        ip,
        requestId,
        at,
      }
      const pending: Pending = { entry, state: 'open', target: null }
      try {
        const answer = await pendings.run(pending, handle)
        await answered(pending, answer)
        return answer
      } catch (error) {
        // What is not a refusal may have been written.
        const isRefused = error instanceof ProblemError && problems[error.code].status < 500
        if (isRefused && pending.state === 'stored') {
          await forgetAudit(client, entry).catch(() => undefined)
        }
        throw error
      } finally {
        pending.state = 'over'
      }
    },
  }
}

/** What the path names. */
function namedBy(params: unknown): string | null {
  const named = Object.values(isObject(params) ? params : {}).filter(isText)
  return named.length === 0 ? null : named.join('/').slice(0, TARGET_MAX)
}

/** What was made, by what was answered of it. */
function madeOf(answer: unknown): string | null {
  if (!isObject(answer)) return null
  // A connection and a workflow are known by their name, everything else by its id.
  const { id, name, event_id: eventId, handle } = answer
  return [id, name, eventId, handle].find(isText)?.slice(0, TARGET_MAX) ?? null
}

const TARGET_MAX = 200
const FIELDS_MAX = 50

const fieldsOf = (body: unknown): string[] =>
  Object.keys(isObject(body) ? body : {})
    .slice(0, FIELDS_MAX)
    .map((name) => name.slice(0, 100))

const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
