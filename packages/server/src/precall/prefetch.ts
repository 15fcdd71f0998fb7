// Warms what a call is going to look up, for a platform that hears of the call before it comes.
//
// W1. A prefetch is nobody's call: it is not recorded, and its outcome is thrown away.
// W2. Only what goes to the cache is asked; a step without a cache yields its default.
// W3. It is never in the way of a call: a few at once, and none while many calls are under way.

import type { PrefetchAnswer, PreCallRequest } from '@bookend/contract'
import { createId } from '@bookend/core'
import type { Log } from '../log.ts'
import type { AgentInMemory, Snapshot } from '../snapshot.ts'
import type { AskParts } from './ask-workflow.ts'
import { hostedName, hostedPrefix, runHosted } from './ask-workflow.ts'

const AT_ONCE_MAX = 8
/** A workflow without a budget of its own; what then still runs goes on by its own limit. */
const BUDGET_MS = 10_000

export interface PrefetchParts extends Pick<
  AskParts,
  'registry' | 'connections' | 'clock' | 'gate'
> {
  readonly snapshot: Pick<Snapshot, 'numberOfAgent'>
  readonly log: Log
}

export interface Expected {
  readonly agent: AgentInMemory
  readonly fromNumber: string
  /** Null: a number of the agent's. */
  readonly toNumber: string | null
}

export class Prefetches {
  readonly #parts: PrefetchParts
  #running = 0

  constructor(parts: PrefetchParts) {
    this.#parts = parts
  }

  /** Says at once what becomes of it; the work goes on behind. */
  start({ agent, fromNumber, toNumber }: Expected): PrefetchAnswer['status'] {
    const { registry, gate, log } = this.#parts
    const { pre_call_webhook_enabled: isEnabled, pre_call_webhook_url: url } = agent.settings
    const isHosted = isEnabled && url !== null && url.startsWith(hostedPrefix)
    const workflow = isHosted ? registry.preCall(hostedName(url)) : null
    if (workflow === null) return 'nothing_to_warm'
    if (this.#running >= AT_ONCE_MAX || !gate.isCalm) return 'busy'
    const { workspace_id: workspaceId } = agent
    const { name, version } = workflow
    const scope = { workspaceId, workflow: name, version, isPrefetch: true }
    const request = this.#requestOf(agent, fromNumber, toNumber)
    this.#running += 1
    runHosted(this.#parts, workflow, request, BUDGET_MS, scope)
      .catch((err: unknown) => log.warn({ err, workflow: name }, 'a prefetch failed'))
      .finally(() => {
        this.#running -= 1
      })
    return 'started'
  }

  #requestOf(agent: AgentInMemory, fromNumber: string, toNumber: string | null): PreCallRequest {
    const { clock, snapshot } = this.#parts
    const now = clock.now()
    const own = toNumber ?? snapshot.numberOfAgent(agent.workspace_id, agent.id) ?? ''
    return {
      call: {
        from_number: fromNumber,
        to_number: own,
        direction: 'inbound',
        timestamp: now.toISOString(),
        id: createId(now),
        attestation: null,
      },
      agent: { id: agent.id, name: agent.name },
    }
  }
}
