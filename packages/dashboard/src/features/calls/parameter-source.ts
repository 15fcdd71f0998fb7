// Where each parameter that the agent was told came from.
//
//   agent default_parameters ◀─ call params ◀─ workflow parameters      later wins
//
// The wire names no source, so the layers are compared in their order of precedence.

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

/** The parameters told, by name, then those that nobody could provide. */
export function findKnown(call: Call, run: Run | null, agent: Agent | undefined): Known[] {
  const missing = new Map((run?.missing ?? []).map((miss) => [miss.name, miss]))
  const told = Object.entries(call.params)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => ({
      name,
      value: value as unknown,
      source: findSource(name, value, run, agent),
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
  run: Run | null,
  agent: Agent | undefined,
): ParameterSource {
  if (run !== null && hasSame(run.parameters, name, value)) {
    const { workflow } = run
    if (run.status === 'fallback') return { kind: 'fallback', workflow }
    const step = run.steps.find((each) => each.name === name)
    return step === undefined ? { kind: 'workflow', workflow } : { kind: 'step', step, workflow }
  }
  if (hasSame(agent?.default_parameters, name, value)) return { kind: 'agent_default' }
  return { kind: 'call' }
}

const hasSame = (layer: unknown, name: string, value: unknown): boolean =>
  typeof layer === 'object' &&
  layer !== null &&
  Object.hasOwn(layer, name) &&
  JSON.stringify((layer as Record<string, unknown>)[name]) === JSON.stringify(value)
