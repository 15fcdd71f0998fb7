import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import { WorkflowError } from '@bookend/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { bundleAll } from './bundle-cache.ts'
import { findFiles } from './find-files.ts'
import { ModuleFiles } from './module-files.ts'
import { readDefinition } from './read-definition.ts'

/**
 * The workflow in one TypeScript file, as a start would load it; nothing is stored.
 *
 * @throws {WorkflowError} It is not there, cannot be bundled, or is not the workflow it is named for.
 */
export async function loadWorkflowFile(path: string): Promise<PreCallWorkflow | JourneyWorkflow> {
  const files = await findFiles(dirname(path))
  const file = files.find((one) => one.file === basename(path) && one.form === 'typescript')
  if (file === undefined) {
    throw new WorkflowError(`${path} is not there, or not named like intake.pre-call.ts`)
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'bookend-file-'))
  try {
    const modules = new ModuleFiles(dataDir)
    const bundles = await bundleAll([{ path: file.path, name: file.stem }], modules, 'file.json')
    const { code, version } = bundles.get(file.path) ?? { code: '', version: '' }
    const module = await modules.load(await modules.keep(file.stem, version, code))
    return readDefinition(module, file)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
