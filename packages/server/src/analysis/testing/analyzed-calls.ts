// A server with an agent whose calls are analyzed, and the calls themselves.

import type { Call, RouteInput, Trace } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { expect, vi } from 'vitest'

type Analyzers = NonNullable<RouteInput<'createAgent'>['body']['analyzers']>
type Completion = RouteInput<'completeCall'>['body']

export type Line = readonly ['agent' | 'user', string]

const WAIT = { timeout: 20_000, interval: 50 }
let counter = 0

export interface AnalyzedAgent {
  readonly agentId: string
  readonly number: string
}

/** An agent with these analyzers, and a number on which it answers. */
export async function analyzedAgent(client: Client, analyzers: Analyzers): Promise<AnalyzedAgent> {
  counter += 1
  const number = `+1555020${String(counter).padStart(4, '0')}`
  const agent = await client.call('createAgent', { body: { name: 'Front', analyzers } })
  const { id } = await client.call('createNumber', { body: { number } })
  await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
  return { agentId: agent.id, number }
}

/** A call in which this was said, a line every five seconds, and which is over. */
export async function finishedCall(
  client: Client,
  { number }: AnalyzedAgent,
  lines: readonly Line[],
  completion: Completion = {},
): Promise<string> {
  const { call } = await client.call('inboundCall', {
    body: { from_number: '+15550100001', to_number: number },
  })
  const beganAt = Date.parse(call.created_at)
  const params = { id: call.uuid }
  if (lines.length > 0) {
    const entries = lines.map(([role, text], sequence) => ({
      sequence,
      role,
      text,
      timestamp: new Date(beganAt + sequence * 5_000).toISOString(),
    }))
    await client.call('appendTranscript', { params, body: { entries } })
  }
  const endedAt = new Date(beganAt + 40_000).toISOString()
  await client.call('completeCall', { params, body: { ended_at: endedAt, ...completion } })
  return call.uuid
}

const analyzedEvents = ({ events }: Trace) =>
  events.filter(({ event_type: type }) => type === 'call.analyzed')

/** The call once `call.analyzed` was emitted. */
export async function analyzedCall(client: Client, id: string): Promise<Call> {
  await vi.waitFor(async () => expect(await analyzedCount(client, id)).toBe(1), WAIT)
  return await client.call('getCall', { params: { id } })
}

export const analyzedCount = async (client: Client, id: string): Promise<number> =>
  analyzedEvents(await client.call('getCallTrace', { params: { id } })).length

/** By title; what failed, as its error. */
export const answersOf = (call: Call): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    call.analysis_results.map(({ title = '', result, error }) => [title, error ?? result]),
  )
