// From files to definitions: all of a folder, or nothing and every reason.

import { WorkflowError } from '@bookend/core'
import type { Calendars } from '@bookend/core/yaml'
import type { ModuleFiles } from './module-files.ts'
import { type FileWorkflow, readFiles } from './read-files.ts'

export type { FileWorkflow } from './read-files.ts'

/** @throws {WorkflowError} At least one file cannot be loaded; the message has a line for each fault. */
export async function loadFiles(
  folder: string,
  modules: ModuleFiles,
  calendars: Calendars,
): Promise<readonly FileWorkflow[]> {
  // Whether connections are configured is checked when they are opened, for both forms.
  const mentionable = { connections: null, calendars }
  const { workflows, problems } = await readFiles(folder, modules, mentionable)
  if (problems.length === 0) return workflows
  const lines = problems.map((problem) => `  ${problem}`).join('\n')
  throw new WorkflowError(`The workflows cannot be loaded:\n${lines}`)
}
