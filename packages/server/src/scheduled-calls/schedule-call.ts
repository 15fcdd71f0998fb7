// A call for later, from the side of the run that asks for it.
//
// B1. Scheduled once, with the step that asks: a repeat finds the call that there is.
// B2. A number that may not be dialled is no failure of the run: the call is blocked, the journey is
//     told, and `call.scheduled_failed` tells the others (C11).

import type { JsonObject } from '@bookend/contract'
import type { CallLaterSpec, StepPlace } from '@bookend/core'
import { checkDialTarget, derivedId, nextOpen } from '@bookend/core'
import type pg from 'pg'
import type { AcceptEvent, OpenRun } from '../engine/postgres-journal.ts'
import { insertScheduledCall } from '../store/postgres/scheduled-calls.ts'
import type { CallRules } from './call-rules.ts'
import { failedEvent } from './failed-event.ts'

interface Scheduled {
  readonly output: JsonObject
  announce(): void
}

export interface ScheduleParts extends CallRules {
  readonly client: pg.PoolClient
  readonly accept: AcceptEvent
}

/** The run is locked, and this execution's. */
export async function scheduleCall(
  { client, accept, dialRule, calendars }: ScheduleParts,
  { workspaceId, runId, callId }: OpenRun,
  { name }: StepPlace,
  spec: CallLaterSpec,
): Promise<Scheduled> {
  const id = derivedId(runId, `call/${name}`)
  const asked = await readDue(client, spec)
  const open = spec.calendar === null ? asked : nextOpen(calendars, spec.calendar, asked)
  const verdict = checkDialTarget(spec.to, dialRule)
  const code = !verdict.ok
    ? verdict.reason
    : open === null
      ? 'unknown_calendar'
      : open === 'never'
        ? 'never_open'
        : null
  const stored = await insertScheduledCall(client, {
    workspaceId,
    id,
    runId,
    step: name,
    callId,
    spec,
    dueAt: open instanceof Date ? open : asked,
    code,
  })
  const { status, due_at, code: why, workflow } = stored
  const output = { id, status: status === 'blocked' ? 'blocked' : 'scheduled', due_at, code: why }
  if (status !== 'blocked') return { output, announce: () => undefined }
  const subject = { workspaceId, id, callId, runId, workflow, step: name, to: spec.to }
  const accepted = await accept(client, failedEvent({ ...subject, status, code: why ?? '' }))
  return { output, announce: () => accepted.announce() }
}

/** By the database's time (F29). */
async function readDue(client: pg.PoolClient, { at, inMs }: CallLaterSpec): Promise<Date> {
  const { rows } = await client.query<{ due: Date }>(
    `select coalesce($1::timestamptz, clock_timestamp() + $2::double precision * interval '1 millisecond') as due`,
    [at, inMs],
  )
  return rows[0]?.due ?? new Date(0)
}
