// Versions as the database has them, made into what runs.

import { WorkflowError } from '@bookend/core'
import type { Calendars } from '@bookend/core/yaml'
import type { Database } from '../store/database.ts'
import { versionOf } from './bundle.ts'
import { fileNameOf, type WorkflowKind } from './find-files.ts'
import type { ModuleFiles } from './module-files.ts'
import { readDefinition } from './read-definition.ts'
import type { LoadedWorkflow } from './registry.ts'
import { findVersion } from './versions.ts'
import { readStoredYaml, sourceOf } from './yaml-version.ts'

export interface StoredOptions {
  readonly database: Database
  readonly workspaceId: string
  readonly modules: ModuleFiles
  readonly calendars: Calendars
}

export type Stored = Omit<LoadedWorkflow, 'origin'>

/**
 * Null when it was never stored.
 *
 * @throws {DatabaseAwayError}
 * @throws {WorkflowError} It was stored, and cannot be loaded any more.
 */
export async function loadStored(
  { database, workspaceId, modules, calendars }: StoredOptions,
  name: string,
  version: string,
): Promise<Stored | null> {
  const stored = await findVersion(database, workspaceId, name, version)
  if (stored === null) return null
  const { bundle, createdAt: updatedAt } = stored
  if (versionOf(bundle) !== version) {
    throw new WorkflowError(`The stored version ${version} of "${name}" is damaged`)
  }
  const kind = stored.kind as WorkflowKind
  if (stored.form === 'yaml') {
    const { definition, graph } = readStoredYaml(name, kind, bundle, calendars)
    const source = sourceOf(bundle)
    return { name, version, kind, form: 'yaml', updatedAt, definition, graph, source }
  }
  const path = await modules.keep(name, version, bundle)
  const file = { file: fileNameOf(name, kind), stem: name, kind }
  const definition = readDefinition(await modules.load(path), file)
  return { name, version, kind, form: 'typescript', updatedAt, definition, graph: null }
}
