// What the API published, made into what runs.
//
//   rows ─▶ as before? kept : read anew ─▶ connections are there? ─▶ active
//
// P1. One that cannot be used costs itself alone: its last usable version stays, and the log says why.

import { WorkflowError } from '@bookend/core'
import type { Log } from '../log.ts'
import type { PublishedRow } from './published.ts'
import type { LoadedWorkflow } from './registry.ts'
import type { Stored } from './stored-workflows.ts'

export interface PublishedParts {
  readonly load: (name: string, version: string) => Promise<Stored | null>
  /** @throws {WorkflowError} It uses a connection that is not configured. */
  readonly check: (definition: LoadedWorkflow['definition']) => void
  readonly log: Log
  /** Faults that were told: each is told once, and tried again each time. */
  readonly told: Set<string>
}

export type Published = ReadonlyMap<string, LoadedWorkflow>

/** @throws {DatabaseAwayError} */
export async function loadPublished(
  rows: readonly PublishedRow[],
  before: Published,
  { load, check, log, told }: PublishedParts,
): Promise<Published> {
  const after = new Map<string, LoadedWorkflow>()
  for (const { name, version, published_at: updatedAt } of rows) {
    const last = before.get(name)
    if (last?.version === version) {
      const isSame = last.updatedAt.getTime() === updatedAt.getTime()
      after.set(name, isSame ? last : { ...last, updatedAt })
      continue
    }
    try {
      const stored = await load(name, version)
      if (stored === null) throw new WorkflowError(`Version ${version} of "${name}" is not stored`)
      check(stored.definition)
      after.set(name, { ...stored, updatedAt, origin: 'published' })
    } catch (err) {
      if (!(err instanceof WorkflowError)) throw err
      const id = `${name} ${version} ${err.message}`
      if (!told.has(id)) {
        told.add(id)
        log.error({ err, workflow: name, version }, 'a published workflow cannot be used')
      }
      if (last !== undefined) after.set(name, last)
    }
  }
  return after
}
