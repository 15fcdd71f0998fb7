import type { JsonObject } from '@bookend/contract'
import type { FileWorkflow } from './read-files.ts'
import type { WorkflowVersion } from './versions.ts'

/** What is stored of a version, with what those want to know who do not run it. */
export function describeVersion({
  definition,
  version,
  code,
  form,
}: Pick<FileWorkflow, 'definition' | 'version' | 'code' | 'form'>): WorkflowVersion {
  const { name, kind, connections } = definition
  const own: JsonObject =
    definition.kind === 'journey'
      ? { on: definition.on }
      : { budget_ms: definition.budgetMs, parameters: Object.keys(definition.parameters) }
  const manifest = { ...own, connections: { ...connections } }
  return { name, version, kind, form, bundle: code, manifest }
}
