// What is active at one moment. A table never changes: whoever holds one sees all of it, whatever is
// published or saved meanwhile.

import type { LoadedJourney, LoadedPreCall, LoadedWorkflow, WorkflowRegistry } from './registry.ts'

export type WorkflowTable = Omit<WorkflowRegistry, 'journey'>

/** Of two of one name the file's is taken: the folder is the source of truth. */
export function createTable(
  files: readonly LoadedWorkflow[],
  published: readonly LoadedWorkflow[],
): WorkflowTable {
  const byName = new Map([...published, ...files].map((workflow) => [workflow.name, workflow]))
  const all = [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const preCalls = new Map(all.filter(isPreCall).map((workflow) => [workflow.name, workflow]))
  const journeys = new Map<string, LoadedJourney[]>()
  for (const journey of all.filter(isJourney)) {
    const { on } = journey.definition
    journeys.set(on, [...(journeys.get(on) ?? []), journey])
  }
  return {
    list: () => all,
    find: (name) => byName.get(name) ?? null,
    preCall: (name) => preCalls.get(name) ?? null,
    journeysOn: (eventType) => journeys.get(eventType) ?? [],
  }
}

export const isJourney = (workflow: LoadedWorkflow): workflow is LoadedJourney =>
  workflow.kind === 'journey'
const isPreCall = (workflow: LoadedWorkflow): workflow is LoadedPreCall =>
  workflow.kind === 'pre-call'
