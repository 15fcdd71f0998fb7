// Where each parameter that the agent was told came from.
//
//   agent default_parameters ◀─ call params ◀─ workflow parameters      later wins
//
// The wire names no source, and a run holds the merged parameters. So the workflow is asked what it
// declares; where it cannot be (an endpoint elsewhere), a value of the run is taken for its own,
// unless the agent has the same one as its default.

import type { Agent, Call, Missing, Run, RunStep } from '@bookend/contract'

export type ParameterSource =
  | { kind: 'step'; step: RunStep; workflow: string }
  | { kind: 'workflow'; workflow: string }
  | { kind: 'fallback'; workflow: string }
  | { kind: 'agent_default' }
  | { kind: 'call' }

export interface Known {
  name: string
  /** Undefined for a parameter that is missing altogether. */
  value: unknown
  source: ParameterSource | null
  missing: Missing | null
}

export interface Around {
  run: Run | null
  agent: Agent | undefined
  /** What the run's workflow declares; undefined for one that is not hosted here. */
  declared: readonly string[] | undefined
}

/** The parameters told, by name, then those that nobody could provide. */
export function findKnown(call: Call, around: Around): Known[] {
  const { run } = around
  const missing = new Map((run?.missing ?? []).map((miss) => [miss.name, miss]))
  const told = Object.entries(call.params)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => ({
      name,
      value: value as unknown,
      source: findSource(name, value, around),
      missing: missing.get(name) ?? null,
    }))
  const steps = new Set((run?.steps ?? []).map(({ name }) => name))
  const untold = [...missing.values()]
    .filter(({ name }) => !Object.hasOwn(call.params, name) && !steps.has(name))
    .map((miss) => ({ name: miss.name, value: undefined, source: null, missing: miss }))
  return [...told, ...untold]
}

function findSource(
  name: string,
  value: unknown,
  { run, agent, declared }: Around,
): ParameterSource {
  const isDefault = hasSame(agent?.default_parameters, name, value)
  const isDeclared = declared?.includes(name) ?? !isDefault
  if (run !== null && isDeclared && hasSame(run.parameters, name, value)) {
    const { workflow } = run
    if (run.status === 'fallback') return { kind: 'fallback', workflow }
    const step = run.steps.find((each) => each.name === name)
    return step === undefined ? { kind: 'workflow', workflow } : { kind: 'step', step, workflow }
  }
  return isDefault ? { kind: 'agent_default' } : { kind: 'call' }
}

const hasSame = (layer: unknown, name: string, value: unknown): boolean =>
  typeof layer === 'object' &&
  layer !== null &&
  Object.hasOwn(layer, name) &&
  JSON.stringify((layer as Record<string, unknown>)[name]) === JSON.stringify(value)
