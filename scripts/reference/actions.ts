// Every action of every connector, from the catalog that workflows are checked by.

import { connectors } from '@bookend/connectors'
import type { AnyAction, AnyConnector } from '@bookend/core'
import { renderFields } from './fields.ts'
import { noteFor } from './note.ts'

export function renderActions(): string {
  const sections = Object.values(connectors as unknown as Record<string, AnyConnector>).map(
    renderConnector,
  )
  return `${noteFor('packages/connectors')}# Actions

What a workflow can ask of each connector: \`<connection>.<noun>.<verb>\` in YAML, camel case in TypeScript
(\`crm.contact.findByPhone\`). Only what reads may be used before the answer. The class says
[what a repeat does](../guides/connectors.md#what-a-repeat-does).

${sections.join('\n')}`
}

function renderConnector({ id, label, actions }: AnyConnector): string {
  const rendered = Object.entries(actions).map(([name, action]) => renderAction(name, action))
  return `## ${label}\n\n\`${id}\`: [how to connect it](../connectors/${id}.md)\n\n${rendered.join('\n')}`
}

function renderAction(name: string, action: AnyAction): string {
  const { input, output, timeoutMs } = action
  const tables = [
    renderFields('Input', input, 'input'),
    renderFields('Answer', output, 'output'),
  ].filter((table) => table !== '')
  const says = `${describeEffect(action)} It takes at most ${timeoutMs / 1_000} s.`
  return `### ${name}\n\n${says}\n\n${tables.join('\n')}`
}

function describeEffect(action: AnyAction): string {
  if (action.effect === 'read') return 'Reads.'
  const { idempotency } = action
  const { class: repeat, by, receipt } = idempotency
  const varies =
    idempotency.classFor === undefined
      ? ''
      : ', or another by how the connection is set up or what is sent'
  const replayed =
    by === 'run'
      ? 'a replay of the run does it anew'
      : 'a replay of the run changes the same record'
  const told = receipt === undefined ? '' : ` ${receipt}`
  return `Writes; class \`${repeat}\`${varies}; ${replayed}.${told}`
}
