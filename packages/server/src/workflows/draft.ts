// A text that somebody is writing: what it would be, or all that keeps it from being that.

import { WorkflowError } from '@bookend/core'
import type { Calendars, Problem } from '@bookend/core/yaml'
import { worstCaseMs } from '@bookend/core/yaml'
import type { KnownConnections } from './load.ts'
import type { LoadedWorkflow } from './registry.ts'
import { readYamlDraft, sourceOf } from './yaml-version.ts'

export type Draft =
  | {
      readonly kind: 'valid'
      readonly workflow: LoadedWorkflow
      /** What is stored when it is published. */
      readonly code: string
      readonly warnings: readonly Problem[]
    }
  | { readonly kind: 'faulty'; readonly problems: readonly Problem[] }

export type ValidDraft = Extract<Draft, { kind: 'valid' }>

export interface DraftParts {
  readonly connections: KnownConnections
  readonly calendars: Calendars
}

/** Reads nothing and stores nothing; `at` is when it was asked for. */
export function readDraft(
  { connections, calendars }: DraftParts,
  name: string,
  text: string,
  at: Date,
): Draft {
  const mentionable = { connections: connections.names(), calendars }
  const { parsed, code, version } = readYamlDraft(name, text, mentionable)
  if (!parsed.ok) return { kind: 'faulty', problems: parsed.problems }
  const { definition, graph, warnings } = parsed
  try {
    connections.check(definition)
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    const { message } = error
    return {
      kind: 'faulty',
      problems: [{ line: 1, column: 1, path: 'connections', message, hint: null }],
    }
  }
  const { kind } = definition
  const facts = { name, version, kind, form: 'yaml', origin: 'published', updatedAt: at } as const
  const workflow = { ...facts, definition, graph, source: sourceOf(code) }
  return { kind: 'valid', workflow, code, warnings }
}

/** Null where it is not known: for TypeScript, and for journeys. */
export const worstCaseOf = ({
  kind,
  graph,
}: Pick<LoadedWorkflow, 'kind' | 'graph'>): number | null =>
  kind === 'pre-call' && graph !== null ? worstCaseMs(graph) : null
