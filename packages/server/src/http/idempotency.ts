// `Idempotency-Key` on every POST that creates (contract §1): the same key and body within a day get
// the first answer again, the same key with another body is refused.
//
// K1. The answer is stored sealed: it may hold a secret that is shown only once.
// K2. A first request that died leaves its key taken for a minute, then free.
// K3. A call that comes in waits for this only as long as a caller may (P2): it is remembered in
//     memory, looked up in the database for a quarter second at most, and stored after its answer.

import type { Clock } from '@bookend/core'
import { createHash } from 'node:crypto'
import type { Secrets } from '../secrets/secrets.ts'
import type { Database } from '../store/database.ts'
import type { RequestHeaders } from './handlers.ts'
import { invalid, ProblemError } from './problem.ts'

export interface Idempotency {
  /** @throws {ProblemError} At once for a malformed key; by its promise for anything else. */
  once(
    route: string,
    workspaceId: string,
    request: { readonly headers: RequestHeaders; readonly body: unknown },
    run: () => Promise<unknown>,
  ): Promise<unknown>
}

const KEY = /^[\x21-\x7e]{1,200}$/
const CALL_ROUTE = 'inboundCall'
const LOOK_UP_MS = 250
const REMEMBERED_MAX = 10_000

interface Remembered {
  readonly hash: Buffer
  readonly answer: Promise<unknown>
}

interface StoredRow {
  readonly body_hash: Buffer
  readonly answer: Buffer | null
}

export function createIdempotency(
  database: Pick<Database, 'query'>,
  secrets: Secrets,
  clock: Clock,
): Idempotency {
  const calls = new Map<string, Remembered>()

  async function onceStored(slot: Slot, run: () => Promise<unknown>): Promise<unknown> {
    if (!(await claim(database, slot))) return await replay(slot)
    try {
      const answer = await run()
      await store(slot, answer)
      return answer
    } catch (error) {
      await release(database, slot)
      throw error
    }
  }

  async function replay(slot: Slot): Promise<unknown> {
    const stored = await find(database, slot)
    if (stored === undefined) throw inProgress()
    return open(slot, stored)
  }

  function open(slot: Slot, { body_hash, answer }: StoredRow): unknown {
    if (!body_hash.equals(slot.hash)) throw conflict()
    if (answer === null) throw inProgress()
    return JSON.parse(secrets.decrypt(answer, answerContext(slot))) as unknown
  }

  async function store(slot: Slot, answer: unknown): Promise<void> {
    const sealed = secrets.encrypt(JSON.stringify(answer ?? null), answerContext(slot))
    await database.query(
      `insert into idempotency_keys (workspace_id, route, key, body_hash, answer)
       values ($1, $2, $3, $4, $5)
       on conflict (workspace_id, route, key) do update set answer = excluded.answer`,
      [slot.workspaceId, slot.route, slot.key, slot.hash, sealed],
    )
  }

  async function onceCalled(slot: Slot, run: () => Promise<unknown>): Promise<unknown> {
    const name = `${slot.workspaceId} ${slot.key}`
    const remembered = calls.get(name)
    if (remembered !== undefined) {
      if (!remembered.hash.equals(slot.hash)) throw conflict()
      return await remembered.answer
    }
    const answer = lookUp(slot).then((stored) =>
      stored === undefined ? run() : open(slot, stored),
    )
    calls.set(name, { hash: slot.hash, answer })
    if (calls.size > REMEMBERED_MAX) calls.delete(calls.keys().next().value ?? '')
    try {
      const made = await answer
      // After the answer; a database that is away costs the memory of this key, not the call.
      void store(slot, made).catch(() => undefined)
      return made
    } catch (error) {
      calls.delete(name)
      throw error
    }
  }

  function lookUp(slot: Slot): Promise<StoredRow | undefined> {
    return new Promise((resolve) => {
      const cancel = clock.setTimer(LOOK_UP_MS, () => resolve(undefined))
      find(database, slot).then(
        (row) => (cancel(), resolve(row?.answer === null ? undefined : row)),
        () => (cancel(), resolve(undefined)),
      )
    })
  }

  return {
    once(route, workspaceId, { headers, body }, run) {
      const key = headers['idempotency-key']
      if (key === undefined) return run()
      if (typeof key !== 'string' || !KEY.test(key)) {
        throw invalid('Idempotency-Key', 'must be 1 to 200 printable characters')
      }
      const hash = createHash('sha256')
        .update(JSON.stringify(body ?? null))
        .digest()
      const slot = { route, workspaceId, key, hash }
      return route === CALL_ROUTE ? onceCalled(slot, run) : onceStored(slot, run)
    },
  }
}

interface Slot {
  readonly route: string
  readonly workspaceId: string
  readonly key: string
  readonly hash: Buffer
}

/** What seals and opens a stored answer. */
export const answerContext = ({
  workspaceId,
  route,
  key,
}: Pick<Slot, 'workspaceId' | 'route' | 'key'>): string =>
  `idempotency_keys.answer:${workspaceId}:${route}:${key}`

const conflict = (): ProblemError =>
  new ProblemError('idempotency_conflict', 'This Idempotency-Key was sent with another body before')
const inProgress = (): ProblemError =>
  new ProblemError(
    'idempotency_in_progress',
    'The first request with this Idempotency-Key still runs',
  )

/** Whether the key is ours now: new, a day old, or left behind by a request that died (K2). */
async function claim(database: Pick<Database, 'query'>, slot: Slot): Promise<boolean> {
  const rows = await database.query(
    `insert into idempotency_keys as i (workspace_id, route, key, body_hash) values ($1, $2, $3, $4)
     on conflict (workspace_id, route, key) do update
       set body_hash = excluded.body_hash, answer = null, created_at = now()
       where i.created_at < now() - interval '24 hours'
         or (i.answer is null and i.created_at < now() - interval '1 minute')
     returning key`,
    [slot.workspaceId, slot.route, slot.key, slot.hash],
  )
  return rows.length === 1
}

async function find(
  database: Pick<Database, 'query'>,
  { workspaceId, route, key }: Slot,
): Promise<StoredRow | undefined> {
  const [row] = await database.query<StoredRow>(
    `select body_hash, answer from idempotency_keys
     where workspace_id = $1 and route = $2 and key = $3
       and created_at > now() - interval '24 hours'`,
    [workspaceId, route, key],
  )
  return row
}

async function release(
  database: Pick<Database, 'query'>,
  { workspaceId, route, key }: Slot,
): Promise<void> {
  await database
    .query(
      `delete from idempotency_keys
       where workspace_id = $1 and route = $2 and key = $3 and answer is null`,
      [workspaceId, route, key],
    )
    .catch(() => undefined)
}
