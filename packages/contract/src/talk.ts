import { z } from 'zod'
import { transcriptRoles } from './calls.ts'
import { json, jsonObject, text } from './primitives.ts'

/** A call in writing: the pre-call workflow runs as for any other, and the call is recorded as one. */
export const AgentTalk = z.strictObject({
  from_number: text(256).default(''),
  /** One of the agent's own numbers when left out. */
  to_number: text(256).optional(),
  params: jsonObject(16_384).default({}),
  external_identifiers: jsonObject(8_192).default({}),
})

/** What the caller says; with nothing, an agent that speaks first begins. */
export const CallSay = z.strictObject({ text: text(20_000).default('') })

/** What follows of it, each with the name of its event. */
export const talkEvents = {
  token: { data: z.object({ text: z.string() }), says: 'A piece of what the agent says' },
  entry: {
    data: z.object({
      sequence: z.number().int(),
      role: z.enum(transcriptRoles),
      text: z.string(),
      function_name: z.string().nullable(),
      arguments: json(32_768).nullable(),
    }),
    says: 'A line of the transcript, whole',
  },
  ended: {
    data: z.object({
      kind: z.enum(['done', 'transfer', 'failed']),
      reason: z.string(),
      target: z.string().nullable(),
    }),
    says: 'The agent has ended the call, or gives it to somebody',
  },
  done: { data: z.object({}), says: 'The agent has said all it has to say' },
} as const

type Data<K extends keyof typeof talkEvents> = z.infer<(typeof talkEvents)[K]['data']>
export type AgentTalk = z.infer<typeof AgentTalk>
export type CallSay = z.infer<typeof CallSay>
export type TalkEvent = {
  [K in keyof typeof talkEvents]: { readonly event: K; readonly data: Data<K> }
}[keyof typeof talkEvents]
