// Deletes bundled modules that nothing runs any more. One that is deleted and needed after all costs
// time alone: the database has it, and it is written anew when it is asked for.
//
//   files ─▶ not active ─▶ stored, and no unfinished run began with it (J4)? ─▶ deleted

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../store/database.ts'
import { MODULES_FOLDER } from './module-files.ts'
import type { LoadedWorkflow } from './registry.ts'

const MODULE = /^([a-z0-9][a-z0-9-]{0,63})-([0-9a-f]{16})\.mjs$/

export interface SweepOptions {
  readonly dataDir: string
  readonly database: Pick<Database, 'query'>
  readonly workspaceId: string
  readonly active: readonly Pick<LoadedWorkflow, 'name' | 'version'>[]
}

/**
 * The files that were deleted.
 *
 * @throws {DatabaseAwayError} Nothing was.
 */
export async function sweepModules({
  dataDir,
  database,
  workspaceId,
  active,
}: SweepOptions): Promise<readonly string[]> {
  const folder = join(dataDir, MODULES_FOLDER)
  const kept = new Set(active.map(fileOf))
  const files = await readdir(folder).catch(() => [])
  const modules = files
    .filter((file) => !kept.has(file))
    .map((file) => MODULE.exec(file))
    .filter((match) => match !== null)
  if (modules.length === 0) return []
  const stale = await database.query<{ name: string; version: string }>(
    `select name, version from unnest($2::text[], $3::text[]) as module (name, version)
     where exists (
       select from workflow_versions v
       where v.workspace_id = $1 and v.name = module.name and v.version = module.version
     ) and not exists (
       select from runs r
       where r.workspace_id = $1 and r.workflow = module.name and r.version = module.version
         and r.status in ('queued', 'running', 'waiting')
     )`,
    [workspaceId, modules.map(([, name]) => name), modules.map(([, , version]) => version)],
  )
  for (const module of stale) await rm(join(folder, fileOf(module)), { force: true })
  return stale.map(fileOf)
}

const fileOf = ({ name, version }: Pick<LoadedWorkflow, 'name' | 'version'>): string =>
  `${name}-${version}.mjs`
