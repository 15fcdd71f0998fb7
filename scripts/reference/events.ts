// The types of events, their envelope, and what each tells.

import { EventEnvelope, ownEventTypes } from '@bookend/contract'
import { renderFields } from './fields.ts'
import { noteFor } from './note.ts'

type OwnEventType = (typeof ownEventTypes)[number]

const words: Readonly<Record<OwnEventType, { when: string; payload: readonly string[] }>> = {
  'call.started': { when: 'A call began', payload: ['call_id'] },
  'call.transcript_update': {
    when: 'Something was said; `sequences` are the entries that are new',
    payload: ['call_id', 'sequences'],
  },
  'call.completed': { when: 'A call is over, however it ended', payload: ['call_id'] },
  'call.analyzed': {
    when: 'The questions about a finished call are answered',
    payload: ['call_id'],
  },
  'call.scheduled_failed': {
    when: 'A call that a journey wanted later will not be placed',
    payload: ['scheduled_call_id', 'call_id', 'run_id', 'workflow', 'step', 'to', 'status', 'code'],
  },
  'handoff.opened': {
    when: 'A journey asks a person',
    payload: ['handoff_id', 'run_id', 'call_id', 'workflow', 'step', 'title', 'assign', 'due_at'],
  },
  'handoff.answered': {
    when: 'A person answered',
    payload: [
      'handoff_id',
      'run_id',
      'call_id',
      'workflow',
      'step',
      'title',
      'answer',
      'answered_by',
    ],
  },
  'webhook.test': {
    when: 'Somebody asked for a test; it goes to that webhook alone, and starts no journey',
    payload: ['webhook_id', 'message'],
  },
  'webhook.disabled': {
    when: 'A webhook failed for days, or answered 410',
    payload: ['webhook_id', 'description', 'reason'],
  },
  'connection.failed': {
    when: 'Another system refuses the credential of a connection',
    payload: ['connection', 'code'],
  },
}

export function renderEvents(): string {
  const rows = ownEventTypes.map((type) => {
    const { when, payload } = words[type]
    return `| \`${type}\` | ${when} | ${payload.map((field) => `\`${field}\``).join(', ')} |`
  })
  return `${noteFor('packages/contract')}# Events

An event starts journeys, and is sent to [webhooks](../guides/events-and-webhooks.md) that subscribed to its type.

| Type | When | Payload |
|---|---|---|
${rows.join('\n')}

Your own are stored by \`POST /events\`, by \`emit\` of a journey, or by \`bookend events send\`: any other name of words joined by dots.

## The envelope

${renderFields('Field', EventEnvelope, 'output')}
A webhook with \`payload: "full"\` receives the call's record as \`payload.call\` as well.
`
}
