// The streams of server-sent events, beside the table of routes: their answers are no JSON document.

import { z } from 'zod'
import type { Scope } from '../access.ts'
import { CallStatus, TranscriptEntry } from '../calls.ts'
import { instant, uuid } from '../primitives.ts'
import { CallSay, talkEvents } from '../talk.ts'
import { byId } from './route.ts'

export const streamTopics = ['calls', 'runs', 'config', 'deliveries', 'handoffs'] as const

export interface StreamRoute {
  /** Below `/api/v1`. */
  readonly path: string
  /** GET when left out. */
  readonly method?: 'POST'
  readonly tag: string
  readonly scope: Scope
  readonly summary: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** What comes, by the name in its `event:` line; each with the JSON of its `data:` line. */
  readonly events: Readonly<Record<string, { readonly data: z.ZodType; readonly says: string }>>
}

export const streamRoutes = {
  watchCall: {
    path: '/calls/{id}/live',
    tag: 'Calls',
    scope: 'read',
    summary: 'Watch a call: what was said, then what is said, as server-sent events',
    params: byId,
    events: {
      transcript: {
        data: TranscriptEntry.extend({ final: z.boolean() }),
        says: 'An entry, or its final text under the same sequence',
      },
      status: {
        data: z.object({ status: CallStatus, ended_at: instant().nullable() }),
        says: 'The call’s status, at first and whenever it changes',
      },
      end: { data: z.object({}), says: 'The call has ended and all of it was sent' },
    },
  },
  sayOnCall: {
    path: '/calls/{id}/say',
    method: 'POST',
    tag: 'Calls',
    scope: 'calls',
    summary: 'Say something on a call in writing, and hear the agent as it answers',
    params: byId,
    body: CallSay,
    events: talkEvents,
  },
  watchWorkspace: {
    path: '/stream',
    tag: 'Events',
    scope: 'read',
    summary: 'Watch a workspace: which records are new or different, as server-sent events',
    query: z.object({
      topics: z.string().describe(`Some of ${streamTopics.join(', ')}, with commas between them`),
    }),
    events: {
      change: {
        data: z.object({
          topic: z.enum(streamTopics),
          id: z.string(),
          call_id: uuid().nullable(),
          at: instant(),
        }),
        says: 'A record changed; read it to see how',
      },
      reset: { data: z.object({}), says: 'Some changes cannot be told any more: read all anew' },
    },
  },
} as const satisfies Record<string, StreamRoute>

export const streamList: readonly (StreamRoute & { readonly name: string })[] = Object.entries(
  streamRoutes,
).map(([name, route]) => ({ name, ...route }))
