// What a LiveKit agent's own code does at both ends of a call.
//
//   entry point ─▶ beforeCall: parameters, greeting, outcome ─▶ session ─▶ afterCall: transcript
//
// A1. `beforeCall` never rejects and never takes longer than its deadline: without an answer the call
//     goes on with nothing known, and `why` says what was wrong.
// A2. `afterCall` may be sent again: every try has the same event's id, so one of them counts.

import type { Json, JsonObject } from '@bookend/contract'
import { renderTemplate, signMessage } from '@bookend/core'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallerFacts } from './caller-facts.ts'
import type { TranscriptLine } from './transcript.ts'

export interface LiveKitOptions {
  /** Of the connection, such as `https://bookend.example/platforms/livekit/main`. */
  readonly address: string
  /** The connection's `pre_call_token`. */
  readonly token: string
  /** The connection's `event_secret`, to post transcripts with. */
  readonly eventSecret?: string
  /** The caller hears silence meanwhile. */
  readonly deadlineMs?: number
  /** How long is waited before each try to post a transcript. */
  readonly pausesMs?: readonly number[]
  readonly fetch?: typeof globalThis.fetch
}

export type LiveKitOutcome =
  | { readonly type: 'continue' }
  /** Dispatch the agent of this name. */
  | { readonly type: 'route'; readonly agent_id: string }
  | { readonly type: 'transfer'; readonly to_number: string; readonly message?: string }
  | { readonly type: 'reject'; readonly reason?: string }
  | { readonly type: 'say'; readonly text: string }

export interface Prepared {
  readonly parameters: JsonObject
  readonly outcome: LiveKitOutcome
  /** The first sentence, where the workflow sets one. */
  readonly greeting: string | null
  readonly runId: string | null
  /** Null: Bookend answered. */
  readonly why: string | null
  /** Puts the parameters into instructions with `{{name}}`; what nobody knows becomes nothing. */
  render(template: string): string
}

export interface BeforeCall extends CallerFacts {
  /** The room's name: by it the transcript finds its call. */
  readonly room: string
  readonly agent?: { readonly id: string; readonly name: string }
}

export interface AfterCall {
  readonly room: string
  readonly transcripts: readonly TranscriptLine[]
  readonly summary?: string
}

export interface LiveKitAgent {
  beforeCall(call: BeforeCall): Promise<Prepared>
  /** @throws {Error} It was not taken, after its last try, or for good. */
  afterCall(call: AfterCall): Promise<void>
}

const EXTENDED = 'application/vnd.bookend.v1+json'
const DEADLINE_MS = 1_500
const POST_MS = 10_000
const PAUSES_MS = [0, 500, 2_000]

export function connectLiveKit(options: LiveKitOptions): LiveKitAgent {
  const { token, eventSecret, deadlineMs = DEADLINE_MS, pausesMs = PAUSES_MS } = options
  const { fetch = globalThis.fetch } = options
  const address = options.address.replace(/\/+$/, '')

  async function ask({ room, from, to, direction, context, agent }: BeforeCall): Promise<Prepared> {
    const call = { from_number: from, to_number: to, direction, call_id: room, context }
    const response = await fetch(`${address}/pre-call`, {
      method: 'POST',
      signal: AbortSignal.timeout(deadlineMs),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: EXTENDED,
      },
      body: JSON.stringify(agent === undefined ? { call } : { call, agent }),
    })
    if (!response.ok) return prepared({}, `Bookend answered ${response.status}`)
    const body = (await response.json()) as unknown
    return isObject(body) ? prepared(body, null) : prepared({}, 'the answer is no object')
  }

  return {
    async beforeCall(call) {
      try {
        return await ask(call)
      } catch (err) {
        return prepared({}, err instanceof Error ? err.message : String(err))
      }
    },

    async afterCall({ room, ...call }) {
      if (eventSecret === undefined) throw new Error('eventSecret is needed to post a transcript')
      const id = `evt_${randomUUID()}`
      let why = ''
      for (const [tried, pauseMs] of pausesMs.entries()) {
        await sleep(pauseMs)
        const payload = { call_id: room, attempt: tried + 1, call }
        const body = JSON.stringify({ event_type: 'call.completed', event_id: id, payload })
        const signed = signMessage([eventSecret], { id, sentAt: new Date(), body })
        const status = await post(`${address}/events`, body, { ...signed })
        if (typeof status === 'number' && status >= 200 && status < 300) return
        why = typeof status === 'number' ? `Bookend answered ${status}` : status
        // What is refused for what it is would be refused again.
        if (typeof status === 'number' && status < 500 && status !== 429) break
      }
      throw new Error(`The transcript of ${room} was not taken: ${why}`)
    },
  }

  /** The status, or why there is none. */
  async function post(
    url: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<number | string> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        signal: AbortSignal.timeout(POST_MS),
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      })
      return response.status
    } catch (err) {
      return err instanceof Error ? err.message : String(err)
    }
  }
}

const OUTCOMES = new Set<unknown>(['continue', 'route', 'transfer', 'reject', 'say'])

function prepared(body: Readonly<Record<string, unknown>>, why: string | null): Prepared {
  const { parameters: given, outcome, greeting, run_id: runId } = body
  const parameters = isObject(given) ? (given as JsonObject) : {}
  const isKnown = isObject(outcome) && OUTCOMES.has(outcome['type'])
  return {
    parameters,
    outcome: isKnown ? (outcome as LiveKitOutcome) : { type: 'continue' },
    greeting: typeof greeting === 'string' && greeting !== '' ? greeting : null,
    runId: typeof runId === 'string' ? runId : null,
    why,
    render: (template) => renderTemplate(template, parameters).text,
  }
}

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
