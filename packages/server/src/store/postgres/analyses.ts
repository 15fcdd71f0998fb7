// What is asked of finished calls: put down with the end of the call, leased, settled.
//
// A1. What is to be asked is stored in the transaction that stores `call.completed`, and never before:
//     nothing of it can hold the end of a call back, and nothing is forgotten.
// A2. Whoever lost its lease settles nothing: the token decides.

import type { AnalysisState, Analyzer, Call, CallAnalysis } from '@bookend/contract'
import type { Queryable } from '../database.ts'

export interface Spent {
  readonly input_tokens?: number
  readonly output_tokens?: number
  readonly cost?: number
  readonly duration_ms?: number
}

/** Leased to this process. */
export interface HeldAnalysis {
  readonly workspaceId: string
  readonly callId: string
  readonly analyzer: Analyzer & { readonly id: string }
  /** A new answer is wanted although somebody told one. */
  readonly isAskedAgain: boolean
  /** Counts from 1. */
  readonly attempt: number
  readonly leaseToken: string
  /** By earlier tries. */
  readonly spent: Spent
}

/** What an analyzer may be left to do, and as much again for what comes after. */
export const timeoutDefaultS = 30
const LEASE_EXTRA_S = 15
/** The claims of all processes one after the other, so that no workspace gets more than its share. */
const LOCK = 4_400_009

interface EndOfCall {
  readonly event: { readonly workspaceId: string; readonly type: string }
  readonly call: Call | null
}

/** For those events that are the end of a call whose agent has analyzers; answers these calls. */
export async function enqueueAnalyses(
  client: Queryable,
  events: readonly EndOfCall[],
): Promise<ReadonlySet<string>> {
  const asked = events.flatMap(({ event, call }) =>
    event.type === 'call.completed' && call !== null && call.analyzers.length > 0
      ? [{ workspaceId: event.workspaceId, callId: call.uuid, analyzers: call.analyzers }]
      : [],
  )
  if (asked.length > 0) await insertAnalyses(client, asked, 'do nothing')
  return new Set(asked.map(({ callId }) => callId))
}

export interface AskedOfCall {
  readonly workspaceId: string
  readonly callId: string
  /** All of them, in their order. */
  readonly analyzers: readonly (Analyzer & { readonly id: string })[]
  /** Of those that are to be asked; left out: all are. */
  readonly titles?: readonly string[] | undefined
}

/** Asks again, whatever came of it before; the answers that are there stay until the new ones are. */
export const askAgain = (client: Queryable, asked: AskedOfCall): Promise<void> =>
  insertAnalyses(client, [asked], ASK_AGAIN)

const ASK_AGAIN = `(workspace_id, call_id, analyzer_id) do update
  set analyzer = excluded.analyzer, place = excluded.place, status = excluded.status,
    is_asked_again = true, attempts = 0, due_at = now(), lease_token = null, last_error = null,
    spent = '{}'`

async function insertAnalyses(
  client: Queryable,
  asked: readonly AskedOfCall[],
  onConflict: string,
): Promise<void> {
  const rows = asked.flatMap(({ workspaceId, callId, analyzers, titles }) => {
    const wanted = analyzers
      .map((analyzer, place) => ({ analyzer, place }))
      .filter(({ analyzer: { title } }) => titles === undefined || titles.includes(title))
    const hasOthers = wanted.some(({ analyzer: { kind } }) => kind !== 'outcome')
    return wanted.map(({ analyzer, place }) => {
      const status = analyzer.kind === 'outcome' && hasOthers ? 'waiting' : 'queued'
      return { workspaceId, callId, analyzer, place, status }
    })
  })
  await client.query(
    `insert into analyses (workspace_id, call_id, analyzer_id, place, analyzer, status, is_asked_again)
     select a.workspace_id, a.call_id, a.analyzer_id, a.place, a.analyzer::jsonb, a.status, $7
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::text[])
       as a (workspace_id, call_id, analyzer_id, place, analyzer, status)
     on conflict ${onConflict}`,
    [
      rows.map(({ workspaceId }) => workspaceId),
      rows.map(({ callId }) => callId),
      rows.map(({ analyzer }) => analyzer.id),
      rows.map(({ place }) => place),
      rows.map(({ analyzer }) => JSON.stringify(analyzer)),
      rows.map(({ status }) => status),
      onConflict === ASK_AGAIN,
    ],
  )
}

interface ClaimRow {
  readonly workspace_id: string
  readonly call_id: string
  readonly analyzer: HeldAnalysis['analyzer']
  readonly is_asked_again: boolean
  readonly attempts: number
  readonly lease_token: string
  readonly spent: Spent
}

/** Leases what is due, workspaces taking turns; the caller is in a transaction. */
export async function claimAnalyses(
  client: Queryable,
  { limit, perWorkspace }: { readonly limit: number; readonly perWorkspace: number },
): Promise<readonly HeldAnalysis[]> {
  await client.query('select pg_advisory_xact_lock($1)', [LOCK])
  const { rows } = await client.query<ClaimRow>(CLAIM, [limit, perWorkspace])
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    callId: row.call_id,
    analyzer: row.analyzer,
    isAskedAgain: row.is_asked_again,
    attempt: row.attempts,
    leaseToken: row.lease_token,
    spent: row.spent,
  }))
}

// `busy` hops from one workspace to the next by index, so that a backlog of any length costs one step.
const CLAIM = `
with recursive busy as (
  (select workspace_id from analyses where status = 'queued' order by workspace_id limit 1)
  union all
  select next.workspace_id from busy cross join lateral (
    select a.workspace_id from analyses a
    where a.status = 'queued' and a.workspace_id > busy.workspace_id
    order by a.workspace_id limit 1
  ) next
),
room as (
  select busy.workspace_id, $2::integer - (
    select count(*) from analyses held
    where held.workspace_id = busy.workspace_id and held.status = 'queued'
      and held.due_at > now() and held.lease_token is not null
  )::integer as places
  from busy
),
due as (
  select oldest.*, row_number() over (
    partition by room.workspace_id order by oldest.due_at, oldest.call_id) as turn
  from room cross join lateral (
    select a.workspace_id, a.call_id, a.analyzer_id, a.due_at from analyses a
    where a.workspace_id = room.workspace_id and a.status = 'queued' and a.due_at <= now()
    order by a.due_at, a.call_id limit greatest(0, room.places)
  ) oldest
),
locked as (
  select a.workspace_id, a.call_id, a.analyzer_id from due
  join analyses a using (workspace_id, call_id, analyzer_id)
  where a.status = 'queued' and a.due_at <= now()
  order by due.turn, due.due_at limit $1 for update of a skip locked
)
update analyses a set attempts = a.attempts + 1, lease_token = gen_random_uuid(),
  due_at = now() + (coalesce((a.analyzer -> 'options' ->> 'timeout_s')::integer, ${timeoutDefaultS})
    + ${LEASE_EXTRA_S}) * interval '1 second'
from locked
where a.workspace_id = locked.workspace_id and a.call_id = locked.call_id
  and a.analyzer_id = locked.analyzer_id
returning a.workspace_id, a.call_id, a.analyzer, a.is_asked_again, a.attempts, a.lease_token, a.spent`

export interface SettledAnalysis {
  readonly held: HeldAnalysis
  readonly status: 'queued' | 'done' | 'failed' | 'told'
  readonly answer: CallAnalysis | null
  /** Of the last try; null: it came to an answer. */
  readonly error: string | null
  readonly spent: Spent
  /** Until the next try. */
  readonly delayMs: number
}

/** Writes what was come to, where the lease still holds; answers how many that are (A2). */
export async function settleAnalyses(
  client: Queryable,
  settled: readonly SettledAnalysis[],
): Promise<number> {
  const { rowCount } = await client.query(
    `update analyses a set status = s.status, answer = coalesce(s.answer::jsonb, a.answer),
       last_error = s.error, spent = s.spent::jsonb, lease_token = null,
       due_at = now() + s.delay_ms * interval '1 ms',
       settled_at = case when s.status = 'queued' then null else now() end
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
         $8::text[], $9::double precision[])
       as s (workspace_id, call_id, analyzer_id, lease_token, status, answer, error, spent, delay_ms)
     where a.workspace_id = s.workspace_id and a.call_id = s.call_id
       and a.analyzer_id = s.analyzer_id and a.lease_token = s.lease_token`,
    [
      settled.map(({ held }) => held.workspaceId),
      settled.map(({ held }) => held.callId),
      settled.map(({ held }) => held.analyzer.id),
      settled.map(({ held }) => held.leaseToken),
      settled.map(({ status }) => status),
      settled.map(({ answer }) => (answer === null ? null : JSON.stringify(answer))),
      settled.map(({ error }) => error),
      settled.map(({ spent }) => JSON.stringify(spent)),
      settled.map(({ delayMs }) => delayMs),
    ],
  )
  return rowCount ?? 0
}

/** Puts the answers that are there on the call, which is locked; answers what is still to come. */
export async function writeResults(
  client: Queryable,
  workspaceId: string,
  callId: string,
): Promise<'queued' | 'waiting' | null> {
  const { rows } = await client.query<{ queued: number; waiting: number }>(
    `with state as (
       select count(*) filter (where status = 'queued') as queued,
         count(*) filter (where status = 'waiting') as waiting,
         coalesce(jsonb_agg(answer order by place) filter (where answer is not null), '[]') as answers
       from analyses where workspace_id = $1 and call_id = $2
     )
     update calls set own_results = state.answers from state
     where workspace_id = $1 and id = $2 returning state.queued, state.waiting`,
    [workspaceId, callId],
  )
  const [state] = rows
  if (state === undefined) return null
  return state.queued > 0 ? 'queued' : state.waiting > 0 ? 'waiting' : null
}

/** The call's other analyzers have answered: those that build on them may begin. */
export async function releaseWaiting(
  client: Queryable,
  workspaceId: string,
  callId: string,
): Promise<void> {
  await client.query(
    `update analyses set status = 'queued', due_at = now()
     where workspace_id = $1 and call_id = $2 and status = 'waiting'`,
    [workspaceId, callId],
  )
}

interface StateRow extends Omit<AnalysisState, 'due_at' | 'settled_at'> {
  readonly due_at: Date | null
  readonly settled_at: Date | null
}

/** In the order of the agent's analyzers. */
export async function listAnalyses(
  client: Queryable,
  workspaceId: string,
  callId: string,
): Promise<AnalysisState[]> {
  const { rows } = await client.query<StateRow>(
    `select analyzer_id, analyzer ->> 'title' as title,
       coalesce(analyzer ->> 'kind', 'model') as kind, status, attempts, last_error,
       case when status = 'queued' then due_at end as due_at, settled_at
     from analyses where workspace_id = $1 and call_id = $2 order by place, analyzer_id`,
    [workspaceId, callId],
  )
  return rows.map(({ due_at: dueAt, settled_at: settledAt, ...state }) => ({
    ...state,
    due_at: dueAt?.toISOString() ?? null,
    settled_at: settledAt?.toISOString() ?? null,
  }))
}

/** What is no longer an analyzer of the agent is no longer asked, and no longer shown. */
export async function dropOthers(
  client: Queryable,
  { workspaceId, callId, analyzers }: AskedOfCall,
): Promise<void> {
  await client.query(
    `delete from analyses
     where workspace_id = $1 and call_id = $2 and analyzer_id <> all ($3::uuid[])`,
    [workspaceId, callId, analyzers.map(({ id }) => id)],
  )
}
