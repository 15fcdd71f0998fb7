// From files to definitions: all of a folder, or nothing and every reason.

import { WorkflowError } from '@bookend/core'
import type { ModuleFiles } from './module-files.ts'
import { type FileWorkflow, readFiles } from './read-files.ts'
import type { Mentionable } from './yaml-version.ts'

export type { FileWorkflow } from './read-files.ts'

/** @throws {WorkflowError} At least one file cannot be loaded; the message has a line for each fault. */
export async function loadFiles(
  folder: string,
  modules: ModuleFiles,
  mentionable: Mentionable,
  check: (definition: FileWorkflow['definition']) => void,
): Promise<readonly FileWorkflow[]> {
  const { workflows, problems } = await readFiles(folder, modules, mentionable)
  const all = [...problems, ...workflows.flatMap((workflow) => findRefused(workflow, check))]
  if (all.length === 0) return workflows
  const lines = all.map((problem) => `  ${problem}`).join('\n')
  throw new WorkflowError(`The workflows cannot be loaded:\n${lines}`)
}

function findRefused(
  { file, definition }: FileWorkflow,
  check: (definition: FileWorkflow['definition']) => void,
): readonly string[] {
  try {
    check(definition)
    return []
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    return [`${file}: ${error.message}`]
  }
}
