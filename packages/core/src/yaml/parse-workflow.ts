// From a file to a workflow that runs, or to all that is wrong with it.

import { WORKFLOW_NAME } from '@bookend/contract'
import { suggestName } from '../expression/nearest.ts'
import type { Calendars } from '../expression/scope.ts'
import type { JourneyWorkflow } from '../journey/definition.ts'
import type { PreCallWorkflow } from '../precall/definition.ts'
import type { Catalog } from './catalog.ts'
import { parseFile } from './file-node.ts'
import type { WorkflowGraph } from './graph.ts'
import { JOURNEY_FIELDS, readJourney } from './journey.ts'
import { PRE_CALL_FIELDS, readPreCall } from './pre-call.ts'
import { collectProblems, type Problem, type Problems, sortProblems } from './problem.ts'
import { type Fields, readFields, readScalar } from './read.ts'

/** Part of each version: another number, and the same text is another workflow. */
export const YAML_FORM = 1

export interface ParseOptions {
  /** Its name says the workflow's name and kind; without folders. Null: it is in no file. */
  readonly file: string | null
  /** What the workflow must be called where no file says so. */
  readonly name?: string
  readonly catalog: Catalog
  /** Configured connections; null when they are not known. */
  readonly connections: readonly string[] | null
  /** Null when they are not known. */
  readonly calendars: Calendars | null
  /** What `now()` says. */
  readonly now: () => Date
}

export type ParsedWorkflow =
  | {
      readonly ok: true
      readonly definition: PreCallWorkflow | JourneyWorkflow
      readonly graph: WorkflowGraph
      /** What is odd and does no harm. */
      readonly warnings: readonly Problem[]
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const FILE_NAME = /^(.+)\.(pre-call|journey)\.yaml$/

export function parseYamlWorkflow(text: string, options: ParseOptions): ParsedWorkflow {
  const { problems, root, lines } = parseFile(text)
  const warnings = collectProblems(lines)
  if (root === null) return { ok: false, problems: problems.list }
  if (root.kind !== 'map') {
    problems.add(root.at, '', 'a workflow is a map of names', 'begin with "workflow: <name>"')
    return { ok: false, problems: problems.list }
  }
  const [, stem, kind] = FILE_NAME.exec(options.file ?? '') ?? []
  const on = readScalar(root.entries.get('on'), problems)?.text ?? ''
  const isPreCall = on === '' ? kind === 'pre-call' : on === 'pre-call'
  const fields = readFields(root, isPreCall ? PRE_CALL_FIELDS : JOURNEY_FIELDS, problems)
  const name = readName(fields, stem ?? options.name, stem !== undefined, problems)
  checkKind(on, kind, fields, problems)
  const { catalog, connections, calendars, now } = options
  const lineOf = (offset: number): number => lines(offset).line
  const context = { catalog, connections, calendars, now, problems, warnings, lineOf }
  const { definition, graph } = isPreCall
    ? readPreCall(name, fields, context)
    : readJourney(name, on, fields, context)
  if (problems.list.length > 0) return { ok: false, problems: sortProblems(problems.list) }
  return { ok: true, definition, graph, warnings: sortProblems(warnings.list) }
}

function readName(
  fields: Fields,
  stem: string | undefined,
  isFile: boolean,
  problems: Problems,
): string {
  const entry = fields.get('workflow')
  if (entry === undefined) {
    const hint = `begin with "workflow: ${stem ?? '<name>'}"`
    problems.add(0, '', 'the workflow has no name', hint)
    return stem ?? ''
  }
  const named = readScalar(entry, problems)
  if (named === null) return stem ?? ''
  const { at, path } = named.node
  if (!WORKFLOW_NAME.test(named.text)) {
    problems.add(at, path, `"${named.text}" is not a workflow name`, 'use a-z, 0-9 and -')
  } else if (stem !== undefined && stem !== named.text) {
    const hint = `write "workflow: ${stem}"${isFile ? ', or rename the file' : ''}`
    const subject = isFile ? 'the file is called' : 'it is published as'
    problems.add(at, path, `${subject} "${stem}", and the workflow "${named.text}"`, hint)
  }
  return named.text
}

function checkKind(on: string, kind: string | undefined, fields: Fields, problems: Problems): void {
  const entry = fields.get('on')
  if (entry === undefined) {
    problems.add(
      0,
      '',
      'nothing starts the workflow',
      'write "on: pre-call" or "on: call.completed"',
    )
    return
  }
  const isPreCall = on === 'pre-call'
  if (on === '' || kind === undefined || isPreCall === (kind === 'pre-call')) return
  const { at, path } = entry.value
  const right = isPreCall ? '.pre-call.yaml' : '.journey.yaml'
  const near = isPreCall ? null : suggestName(on, ['pre-call'])
  const isTypo = near !== null && near.startsWith('did you mean')
  problems.add(
    at,
    path,
    `"on: ${on}" does not go with the file's name`,
    isTypo ? near : `end it with ${right}`,
  )
}
