import { action } from '@bookend/core'
import { NoteCreateInput, TaskCreateInput } from '../inputs.ts'
import { Note, Task } from '../records.ts'
import { classOf, createOnce, markOf } from './create-once.ts'
import { linkTo } from './read-records.ts'
import type { Context } from './rest.ts'
import type { HubspotSettings } from './schema.ts'
import { richText } from './write-values.ts'

const WRITE_MS = 10_000

export const noteCreate = action({
  effect: 'write',
  idempotency: {
    class: 'marker',
    by: 'subject',
    classFor: (settings: HubspotSettings, input) => classOf(settings, input),
  },
  input: NoteCreateInput,
  output: Note,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_note', url: null }),
  run: async (ctx: Context, input) => {
    const { settings, subjectKey: key } = ctx
    const note = await createOnce(ctx, {
      type: 'notes',
      key,
      owners: input,
      properties: {
        hs_timestamp: ctx.now().toISOString(),
        hs_note_body: richText(ctx, input.body, input.link, markOf(settings, key)),
        ...(input.owner_id === null ? {} : { hubspot_owner_id: input.owner_id }),
      },
    })
    return { id: note.id, url: linkTo(settings, 'notes', note.id) }
  },
})

const PRIORITY = { low: 'LOW', normal: 'MEDIUM', high: 'HIGH' } as const

export const taskCreate = action({
  effect: 'write',
  idempotency: {
    class: 'marker',
    by: 'subject',
    classFor: (settings: HubspotSettings, input) => classOf(settings, input),
  },
  input: TaskCreateInput,
  output: Task,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_task', url: null }),
  run: async (ctx: Context, input) => {
    const { settings, subjectKey: key } = ctx
    const task = await createOnce(ctx, {
      type: 'tasks',
      key,
      owners: input,
      properties: {
        hs_timestamp: new Date(input.due_at).toISOString(),
        hs_task_subject: input.title,
        hs_task_body: richText(ctx, input.body, null, markOf(settings, key)),
        hs_task_status: 'NOT_STARTED',
        hs_task_priority: PRIORITY[input.priority],
        hs_task_type: 'TODO',
        ...(input.owner_id === null ? {} : { hubspot_owner_id: input.owner_id }),
      },
    })
    return { id: task.id, url: linkTo(settings, 'tasks', task.id) }
  },
})
