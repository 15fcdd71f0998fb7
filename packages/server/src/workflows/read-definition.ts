// What a workflow file must export, and what to say when it does not. The file was bundled with a
// copy of the SDK of its own, so nothing here asks which class made a thing.

import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import { WorkflowError } from '@bookend/core'
import { fileNameOf, type WorkflowFile } from './find-files.ts'

type Definition = PreCallWorkflow | JourneyWorkflow

/** @throws {WorkflowError} The module's default export is not the workflow that the file names. */
export function readDefinition(
  module: Readonly<Record<string, unknown>>,
  { file, stem, kind }: Omit<WorkflowFile, 'path' | 'form'>,
): Definition {
  const makes = kind === 'journey' ? 'journey' : 'preCall'
  const definition = module['default']
  if (definition === undefined) {
    throw new WorkflowError(
      `${file}: has no default export; write export default ${makes}('${stem}', { … })`,
    )
  }
  if (!isDefinition(definition)) {
    throw new WorkflowError(
      `${file}: the default export is not a workflow; make it with ${makes}() of @bookend/sdk`,
    )
  }
  if (definition.kind !== kind) {
    const right = fileNameOf(stem, definition.kind)
    throw new WorkflowError(`${file}: defines a ${definition.kind}; call the file ${right}`)
  }
  if (definition.name !== stem) {
    const right = fileNameOf(definition.name, kind)
    throw new WorkflowError(
      `${file}: defines "${definition.name}"; call it "${stem}", or the file ${right}`,
    )
  }
  return definition
}

function isDefinition(value: unknown): value is Definition {
  if (typeof value !== 'object' || value === null) return false
  const { kind, name, connections, run, parameters, matches } = value as Record<string, unknown>
  const isWhole =
    typeof name === 'string' && typeof connections === 'object' && typeof run === 'function'
  const isPreCall = kind === 'pre-call' && typeof parameters === 'object'
  return isWhole && (isPreCall || (kind === 'journey' && typeof matches === 'function'))
}
