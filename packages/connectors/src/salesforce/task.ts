// Calls, tasks and notes, which are all tasks: so they stand in one timeline, and carry our key.
//
// L1. With the key's field a repeat changes the same task; without it, `CallObject` holds the key and
//     SOQL, which sees what was just written, finds it there.

import { action } from '@bookend/core'
import { CallLogInput, NoteCreateInput, TaskCreateInput } from '../inputs.ts'
import { CallLog, Note, Task } from '../records.ts'
import { linkTo, textAt } from './read-records.ts'
import { type Values, create, upsert } from './save.ts'
import type { SalesforceSettings } from './schema.ts'
import { type Context, instanceOf } from './session.ts'
import { checkId, query, quote } from './soql.ts'
import { DESCRIPTION_MAX } from './ticket.ts'

const WRITE_MS = 15_000

const idempotency = {
  class: 'marker',
  by: 'subject',
  classFor: ({ key_field: field }: SalesforceSettings) => (field === null ? 'marker' : 'natural'),
} as const

export const callLog = action({
  effect: 'write',
  idempotency,
  input: CallLogInput,
  output: CallLog,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_call', url: null }),
  run: async (ctx: Context, input) => {
    const { from_number: from, to_number: to, recording_url: recording } = input
    const parts = [
      input.summary,
      input.transcript,
      `${from} → ${to}`,
      ...(recording === null ? [] : [recording]),
    ]
    const text = parts.filter((part) => part !== '').join('\n\n')
    return await saveOnce(ctx, {
      ...input.properties,
      ...owners(input),
      Subject: input.title,
      Description: ctx.fit(text, DESCRIPTION_MAX, input.link ?? undefined),
      Status: 'Completed',
      TaskSubtype: 'Call',
      CallType: input.direction === 'inbound' ? 'Inbound' : 'Outbound',
      CallDurationInSeconds: Math.round(input.duration_seconds),
      ActivityDate: dayOf(input.started_at),
    })
  },
})

export const taskCreate = action({
  effect: 'write',
  idempotency,
  input: TaskCreateInput,
  output: Task,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_task', url: null }),
  run: async (ctx: Context, input) =>
    await saveOnce(ctx, {
      ...owners(input),
      Subject: input.title,
      Description: ctx.fit(input.body, DESCRIPTION_MAX),
      Status: 'Not Started',
      Priority: { low: 'Low', normal: 'Normal', high: 'High' }[input.priority],
      ActivityDate: dayOf(input.due_at),
    }),
})

export const noteCreate = action({
  effect: 'write',
  idempotency,
  input: NoteCreateInput,
  output: Note,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_note', url: null }),
  run: async (ctx: Context, input) =>
    await saveOnce(ctx, {
      ...owners(input),
      Subject: 'Note',
      Description: ctx.fit(input.body, DESCRIPTION_MAX, input.link ?? undefined),
      Status: 'Completed',
      ActivityDate: dayOf(ctx.now().toISOString()),
    }),
})

interface Owners {
  readonly contact_id: string | null
  readonly ticket_id: string | null
  readonly owner_id: string | null
}

function owners({ contact_id: contact, ticket_id: ticket, owner_id: owner }: Owners): Values {
  return {
    ...(contact === null ? {} : { WhoId: checkId(contact) }),
    ...(ticket === null ? {} : { WhatId: checkId(ticket) }),
    ...(owner === null ? {} : { OwnerId: checkId(owner) }),
  }
}

/** A task has a day and no time. */
const dayOf = (at: string): string => new Date(at).toISOString().slice(0, 10)

async function saveOnce(ctx: Context, values: Values): Promise<{ id: string; url: string }> {
  const { subjectKey: key, settings } = ctx
  const own = { ...values, CallObject: key }
  const id =
    settings.key_field === null
      ? ((await findMarked(ctx, key)) ?? (await create(ctx, 'Task', own)))
      : await upsert(ctx, 'Task', [settings.key_field, key], own)
  return { id, url: linkTo(await instanceOf(ctx), id) }
}

async function findMarked(ctx: Context, key: string): Promise<string | null> {
  const soql = `SELECT Id FROM Task WHERE CallObject = ${quote(key)} LIMIT 1`
  const [found] = (await query(ctx, soql)).records
  return found === undefined ? null : textAt(found, 'Id')
}
