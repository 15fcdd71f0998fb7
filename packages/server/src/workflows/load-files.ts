// From files to definitions: all of a folder, or nothing and every reason.

import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import { WorkflowError } from '@bookend/core'
import { bundleAll } from './bundle-cache.ts'
import { findFiles, type WorkflowFile } from './find-files.ts'
import type { ModuleFiles } from './module-files.ts'
import { readDefinition } from './read-definition.ts'

export interface FileWorkflow {
  readonly definition: PreCallWorkflow | JourneyWorkflow
  readonly version: string
  readonly code: string
}

const NOTE_FILE = 'workflows.json'

/** @throws {WorkflowError} At least one file cannot be loaded; the message has a line for each fault. */
export async function loadFiles(
  folder: string,
  modules: ModuleFiles,
): Promise<readonly FileWorkflow[]> {
  const files = await findFiles(folder)
  const problems = findTwins(files)
  if (problems.length > 0) throw refuse(problems)
  const sources = files.map(({ path, stem }) => ({ path, name: stem }))
  const bundles = await bundleAll(sources, modules, NOTE_FILE).catch((error: unknown) => {
    throw error instanceof WorkflowError ? refuse(error.message.split('\n'), error) : error
  })
  const loaded: FileWorkflow[] = []
  for (const file of files) {
    const bundle = bundles.get(file.path)
    if (bundle === undefined) continue
    const { code, version } = bundle
    try {
      const definition = readDefinition(await importFile(file, modules, bundle), file)
      loaded.push({ definition, version, code })
    } catch (error) {
      if (!(error instanceof WorkflowError)) throw error
      problems.push(error.message)
    }
  }
  if (problems.length > 0) throw refuse(problems)
  return loaded
}

async function importFile(
  { file, stem }: WorkflowFile,
  modules: ModuleFiles,
  { version, code }: Omit<FileWorkflow, 'definition'>,
): Promise<Record<string, unknown>> {
  const path = await modules.keep(stem, version, code)
  try {
    return await modules.load(path)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new WorkflowError(`${file}: ${message}`, { cause: error })
  }
}

function findTwins(files: readonly WorkflowFile[]): string[] {
  const byStem = new Map<string, WorkflowFile>()
  const problems: string[] = []
  for (const file of files) {
    const twin = byStem.get(file.stem)
    if (twin !== undefined) {
      problems.push(`${twin.file} and ${file.file}: two workflows cannot both be "${file.stem}"`)
    }
    byStem.set(file.stem, file)
  }
  return problems
}

function refuse(problems: readonly string[], cause?: unknown): WorkflowError {
  const lines = problems.map((problem) => `  ${problem}`).join('\n')
  return new WorkflowError(`The workflows cannot be loaded:\n${lines}`, { cause })
}
