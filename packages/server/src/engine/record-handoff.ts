// A handoff, from the side of the run that asks.
//
// A1. It is opened once, with its event, in one transaction.
// A2. The row decides between an answer and the end of its time: whichever is written first.

import type { JsonObject } from '@bookend/contract'
import type { HandoffSpec, HandoffState, HandoffResult, StepPlace } from '@bookend/core'
import { derivedId } from '@bookend/core'
import type pg from 'pg'
import type { Changes } from '../changes/changes.ts'
import type { HandoffLinks } from '../handoffs/links.ts'
import { jsonColumn } from './json-column.ts'
import type { AcceptEvent, OpenRun } from './postgres-journal.ts'
import { IN_MS, SINCE_START_MS } from './sql-time.ts'

export interface HandoffAsked extends HandoffState {
  announce(): void
}

interface StoredState {
  readonly title: string
  readonly assign: string | null
  readonly due_at: Date
  readonly link_revision: number
  readonly status: string
  readonly answer: JsonObject | null
  readonly answered_by: string | null
  readonly answered_at: Date | null
  readonly left_ms: number
}

const nothing = (): void => undefined

/** The run is locked, and this execution's. */
export async function askHandoff(
  tools: {
    client: pg.PoolClient
    accept: AcceptEvent
    changes: Pick<Changes, 'publish'>
    links: Pick<HandoffLinks, 'linkFor'>
  },
  run: OpenRun,
  step: StepPlace,
  spec: HandoffSpec,
): Promise<HandoffAsked> {
  const { workspaceId, runId, callId } = run
  const id = derivedId(runId, `handoff/${step.name}`)
  const isNew = await insertStep(tools.client, run, step, spec)
  const announceEvent = isNew ? await open(tools, run, step, spec, id) : nothing
  const state = await readState(tools.client, workspaceId, id)
  const isChanged = isNew || state.status === 'expired'
  const { title, assign, due_at: dueAt, link_revision: revision } = state
  const link = tools.links.linkFor({ workspaceId, id, assign, dueAt, revision })
  return {
    leftMs: state.left_ms,
    result: resultOf(state),
    asked: { id, link, title, assign, due_at: dueAt.toISOString() },
    announce() {
      announceEvent()
      if (isChanged) tools.changes.publish({ topic: 'handoffs', workspaceId, id, callId })
    },
  }
}

async function insertStep(
  client: pg.PoolClient,
  { workspaceId, runId }: OpenRun,
  { name, position }: StepPlace,
  { limitMs }: HandoffSpec,
): Promise<boolean> {
  const { rows } = await client.query(
    `insert into run_steps
       (workspace_id, run_id, name, position, kind, status, start_ms, limit_ms, wake_at, began_at)
     select workspace_id, id, $3, $4::int, 'human', 'waiting', ${SINCE_START_MS},
       $5::double precision, ${IN_MS('$5')}, clock_timestamp()
     from runs mine where workspace_id = $1 and id = $2
     on conflict do nothing returning name`,
    [workspaceId, runId, name, position, limitMs],
  )
  return rows.length > 0
}

async function open(
  { client, accept }: { client: pg.PoolClient; accept: AcceptEvent },
  { workspaceId, runId, callId }: OpenRun,
  { name }: StepPlace,
  { title, assign, form }: HandoffSpec,
  id: string,
): Promise<() => void> {
  const { rows } = await client.query<{ workflow: string; due_at: Date }>(
    `insert into handoffs (workspace_id, id, run_id, step, workflow, call_id, title, assign, form,
       due_at, created_at)
     select r.workspace_id, $3, r.id, $4, r.workflow, r.call_id, $5, $6, $7::json, s.wake_at,
       clock_timestamp()
     from runs r join run_steps s on s.workspace_id = r.workspace_id and s.run_id = r.id
     where r.workspace_id = $1 and r.id = $2 and s.name = $4
     on conflict do nothing returning workflow, due_at`,
    [workspaceId, runId, id, name, title, assign, jsonColumn(form)],
  )
  const [row] = rows
  if (row === undefined) return nothing
  const accepted = await accept(client, {
    workspaceId,
    type: 'handoff.opened',
    dedupeKey: `handoff.opened:${id}`,
    callId,
    payload: {
      handoff_id: id,
      run_id: runId,
      call_id: callId,
      workflow: row.workflow,
      step: name,
      title,
      assign,
      due_at: row.due_at.toISOString(),
    },
  })
  return () => accepted.announce()
}

async function readState(
  client: pg.PoolClient,
  workspaceId: string,
  id: string,
): Promise<StoredState> {
  await client.query(
    `update handoffs set status = 'expired'
     where workspace_id = $1 and id = $2 and status = 'open' and due_at <= clock_timestamp()`,
    [workspaceId, id],
  )
  const { rows } = await client.query<StoredState>(
    `select status, answer, answered_by, answered_at, title, assign, due_at, link_revision,
       (extract(epoch from due_at - clock_timestamp()) * 1000)::float8 as left_ms
     from handoffs where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  )
  const [state] = rows
  if (state === undefined) throw new Error(`Handoff ${id} is gone`)
  return state
}

function resultOf({ status, answer, answered_by, answered_at }: StoredState): HandoffResult | null {
  if (status === 'open') return null
  if (status !== 'answered') return { status: 'expired' }
  return {
    status: 'answered',
    answer: answer ?? {},
    answered_by: answered_by ?? '',
    answered_at: answered_at?.toISOString() ?? '',
  }
}
