// What a person should look at now, from what the screens know: the most pressing first.

import type { Connection, Handoff, Overview, Pause, Subscription } from '@bookend/contract'
import type { State } from '../../theme/states.ts'
import { explainStatus } from '../connections/connection-status.tsx'
import { paramsOf } from '../connections/queries.ts'
import { stateOf } from '../webhooks/endpoint-state.tsx'

/** Where a need leads: an address of this application. */
export type NeedTarget =
  | { to: '/handoffs/$id'; params: { id: string } }
  | { to: '/calls/$id'; params: { id: string } }
  | { to: '/webhooks/$id'; params: { id: string } }
  | { to: '/workflows/$name'; params: { name: string } }
  | { to: '/connections/$connector/$connection'; params: { connector: string; connection: string } }

export interface Need {
  key: string
  state: State
  title: string
  detail: string | null
  target: NeedTarget
  /** Of a handoff: when nobody can answer any more. */
  dueAt?: string
}

interface Known {
  handoffs: readonly Handoff[]
  overview: Overview | undefined
  webhooks: readonly Subscription[]
  connections: readonly Connection[]
  pauses: readonly Pause[]
}

export const findNeeds = ({ handoffs, overview, webhooks, connections, pauses }: Known): Need[] => [
  ...handoffs.map(needOfHandoff),
  ...(overview?.journeys.failures ?? []).map(needOfFailure),
  ...connections.flatMap(needOfConnection),
  ...webhooks.flatMap(needOfWebhook),
  ...pauses.map(needOfPause),
]

const needOfHandoff = ({ id, title, from_number, assign, due_at }: Handoff): Need => ({
  key: `handoff ${id}`,
  state: 'human',
  title,
  detail: [from_number, assign].filter((part) => part !== null).join(', ') || null,
  target: { to: '/handoffs/$id', params: { id } },
  dueAt: due_at,
})

function needOfFailure(failure: Overview['journeys']['failures'][number]): Need {
  const { workflow, step, runs, unsure, error, call_id } = failure
  const where = step === null ? '' : ` at ${step}`
  return {
    key: `failure ${workflow} ${step}`,
    state: unsure ? 'human' : 'failed',
    title: unsure ? `${workflow}${where}: say whether it was done` : `${workflow} failed${where}`,
    detail: [runs === 1 ? null : `${runs} runs`, error].filter((part) => part !== null).join(', '),
    target:
      call_id === null
        ? { to: '/workflows/$name', params: { name: workflow } }
        : { to: '/calls/$id', params: { id: call_id } },
  }
}

function needOfConnection(connection: Connection): Need[] {
  const { name, status, health } = connection
  if (status === 'ok' && health.circuit === 'closed') return []
  return [
    {
      key: `connection ${name}`,
      state: 'failed',
      title: status === 'ok' ? `${name} keeps failing and is left alone` : `${name} is refused`,
      detail: explainStatus(connection),
      target: { to: '/connections/$connector/$connection', params: paramsOf(name) },
    },
  ]
}

function needOfWebhook(webhook: Subscription): Need[] {
  const { id, url, disabled_reason, warning, health } = webhook
  const dead = health?.dead ?? 0
  const target = { to: '/webhooks/$id' as const, params: { id } }
  switch (stateOf(webhook)) {
    case 'disabled':
      // Whoever turned it off by hand knows.
      return disabled_reason === null
        ? []
        : [{ key: id, state: 'failed', title: `${url} is off`, detail: disabled_reason, target }]
    case 'failing':
    case 'paused':
      return [
        { key: id, state: 'failed', title: `${url} does not answer`, detail: warning, target },
      ]
    case 'unused':
    case 'well':
      return dead === 0
        ? []
        : [
            {
              key: id,
              state: 'default',
              title: `${dead} given up for ${url}`,
              detail: null,
              target,
            },
          ]
  }
}

const needOfPause = ({ kind, name, reason, by }: Pause): Need => ({
  key: `pause ${kind} ${name}`,
  state: 'wait',
  title: `${name} is paused`,
  detail: reason === null ? `by ${by}` : `${reason}, by ${by}`,
  target:
    kind === 'workflow'
      ? { to: '/workflows/$name', params: { name } }
      : { to: '/connections/$connector/$connection', params: paramsOf(name) },
})
