// What is allowed, and probably not meant: said with the answer to a write.

import type { AgentWarning } from '@bookend/contract'
import { placeholdersOf } from '@bookend/core'
import { hostedPrefix } from '../precall/ask-workflow.ts'
import type { AgentSettings } from '../store/postgres/agents.ts'
import type { WorkflowRegistry } from '../workflows/registry.ts'

export function warningsOf(
  settings: AgentSettings,
  registry: Pick<WorkflowRegistry, 'preCall'>,
): readonly AgentWarning[] {
  const { pre_call_webhook_url: url, default_parameters: defaults, parameters_schema } = settings
  const hosted = url?.startsWith(hostedPrefix) === true ? url.slice(hostedPrefix.length) : null
  const workflow = hosted === null ? null : registry.preCall(hosted)
  const templates = [settings.prompt, settings.first_message ?? '']
  const used = new Set(templates.flatMap(placeholdersOf))
  const properties = parameters_schema?.['properties'] ?? {}
  const provided = new Set([
    ...Object.keys(defaults),
    ...Object.keys(typeof properties === 'object' && properties !== null ? properties : {}),
    ...Object.keys(workflow?.definition.parameters ?? {}),
  ])
  const warnings: AgentWarning[] = []
  if (hosted !== null && workflow === null) {
    const message = `There is no pre-call workflow "${hosted}" on this server; calls go on with the defaults`
    warnings.push({ code: 'unknown_workflow', name: hosted, message })
  }
  // What an endpoint elsewhere answers is not known here.
  const isRemote = url !== null && hosted === null && parameters_schema === null
  for (const name of isRemote ? [] : used) {
    if (provided.has(name)) continue
    const message = `{{${name}}} has no default, and neither schema nor workflow provides it; it renders to nothing`
    warnings.push({ code: 'placeholder_without_value', name, message })
  }
  for (const name of Object.keys(defaults)) {
    if (used.has(name)) continue
    const message = `The default "${name}" is used by no placeholder`
    warnings.push({ code: 'default_unused', name, message })
  }
  const timeoutMs = settings.pre_call_webhook_timeout * 1_000
  const budgetMs = workflow?.definition.budgetMs ?? 0
  if (hosted !== null && budgetMs > timeoutMs) {
    const message = `The workflow's budget of ${budgetMs} ms is longer than the agent's time-out; the time-out counts`
    warnings.push({ code: 'budget_cut', name: hosted, message })
  }
  return warnings
}
