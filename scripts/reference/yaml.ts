// Which fields a workflow in YAML has: asked of the parser itself, by a field that there is not.
//
//   text with `no_such_field` ─▶ the parser's "there are …" ─▶ the words for each ─▶ tables

import { connectors } from '@bookend/connectors'
import { parseYamlWorkflow } from '@bookend/core/yaml'
import { noteFor } from './note.ts'
import { places, type Place, words } from './yaml-words.ts'

export function renderYaml(): string {
  return `${noteFor('packages/core/src/yaml and scripts/reference/yaml-words.ts')}# YAML

Every field of a workflow in YAML. What they are for, and how expressions are written, is in
[workflows in YAML](../guides/yaml-workflows.md). A field that is not here is refused, with its line.

${places.map(renderPlace).join('\n')}`
}

function renderPlace(place: Place): string {
  const rows = fieldsAt(place).map((field) => {
    const says = place.words?.[field] ?? words[field]
    if (says === undefined) throw new Error(`${place.title}: nothing is said of "${field}"`)
    return `| \`${field}\` | ${says} |`
  })
  return `## ${place.title}\n\n| Field | |\n|---|---|\n${rows.join('\n')}\n`
}

const PROBE = 'no_such_field'

function fieldsAt({ title, text }: Place): readonly string[] {
  const parsed = parseYamlWorkflow(text.replace('…', `${PROBE}: 1`), {
    file: null,
    catalog: connectors,
    connections: null,
    calendars: null,
    now: () => new Date(0),
  })
  const problems = parsed.ok ? [] : parsed.problems
  const hint = problems.find(({ path }) => path.endsWith(PROBE))?.hint ?? ''
  const [, fields] = /^there are (.+)$/.exec(hint) ?? []
  if (fields === undefined)
    throw new Error(`${title}: the parser does not say which fields there are`)
  return fields.split(', ')
}
