// Makes a text the active version of a name, for every process of the installation.
//
//   draft ─▶ is the name free, or at the version it was edited from? ─▶ stored, active ─▶ here ─▶ told
//
// U1. Of two who publish at once one wins, and the other hears which version it lost to.
// U2. Whoever publishes finds it active in this process when they hear so; other processes hear of it.
// U3. Publishing what is active already changes nothing: a request whose answer was lost can be sent
//     again.
// U4. A name that a file has is the file's.

import type { Changes } from '../changes/changes.ts'
import type { Database } from '../store/database.ts'
import { describeVersion } from './describe-version.ts'
import type { ValidDraft } from './draft.ts'
import type { OpenWorkflowRegistry } from './load.ts'
import * as rows from './published.ts'
import type { LoadedWorkflow } from './registry.ts'
import { storeVersion } from './versions.ts'

/** The version it was edited from; `any`: whatever it is; null: there is none yet. */
export type Expected = { readonly version: string } | 'any' | null

type Conflict =
  /** @param version The active one; null when there is none. */
  | { readonly kind: 'changed'; readonly version: string | null }
  | { readonly kind: 'owned_by_file' }
  /** Agents use what it is now. */
  | { readonly kind: 'in_use'; readonly agents: readonly string[] }

export type PublishOutcome =
  | { readonly kind: 'published'; readonly workflow: LoadedWorkflow }
  | Conflict
export type UnpublishOutcome =
  | { readonly kind: 'unpublished' }
  | { readonly kind: 'absent' }
  | Exclude<Conflict, { kind: 'changed' }>

export interface PublisherOptions {
  readonly database: Database
  /** Workflows are this workspace's, as those of files. */
  readonly workspaceId: string
  readonly registry: Pick<OpenWorkflowRegistry, 'find' | 'refresh'>
  readonly changes: Pick<Changes, 'publish'>
}

export class Publisher {
  readonly #options: PublisherOptions

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  serves(workspaceId: string): boolean {
    return workspaceId === this.#options.workspaceId
  }

  /** @throws {DatabaseAwayError} It may be published or not; asking again is safe (U3). */
  async publish(
    { workflow, code }: ValidDraft,
    expected: Expected,
    by: string,
  ): Promise<PublishOutcome> {
    const { database, workspaceId, registry } = this.#options
    const { name, version, kind } = workflow
    if (registry.find(name)?.origin === 'file') return { kind: 'owned_by_file' }
    const outcome = await database.transaction(async (client): Promise<PublishOutcome> => {
      const active = await rows.lockPublished(client, workspaceId, name)
      if (active?.version === version) {
        return { kind: 'published', workflow: { ...workflow, updatedAt: active.published_at } }
      }
      if (!fits(expected, active?.version ?? null)) {
        return { kind: 'changed', version: active?.version ?? null }
      }
      if (active !== null && active.kind !== kind) {
        const agents = await rows.findAgentsUsing(client, workspaceId, name)
        if (agents.length > 0) return { kind: 'in_use', agents }
      }
      const { definition } = workflow
      await storeVersion(
        client,
        workspaceId,
        describeVersion({ definition, version, code, form: 'yaml' }),
      )
      const publication = { workspaceId, name, version, kind, by }
      const at = await rows.putPublished(client, publication, active === null)
      if (at !== null) return { kind: 'published', workflow: { ...workflow, updatedAt: at } }
      const winner = await rows.lockPublished(client, workspaceId, name)
      return { kind: 'changed', version: winner?.version ?? null }
    })
    if (outcome.kind === 'published') await this.#tell()
    return outcome
  }

  /** @throws {DatabaseAwayError} */
  async unpublish(name: string): Promise<UnpublishOutcome> {
    const { database, workspaceId, registry } = this.#options
    const isFile = registry.find(name)?.origin === 'file'
    const outcome = await database.transaction(async (client): Promise<UnpublishOutcome> => {
      const active = await rows.lockPublished(client, workspaceId, name)
      if (active === null) return { kind: isFile ? 'owned_by_file' : 'absent' }
      // Behind a file it serves nobody.
      const agents = isFile ? [] : await rows.findAgentsUsing(client, workspaceId, name)
      if (agents.length > 0) return { kind: 'in_use', agents }
      await rows.deletePublished(client, workspaceId, name)
      return { kind: 'unpublished' }
    })
    if (outcome.kind === 'unpublished') await this.#tell()
    return outcome
  }

  async #tell(): Promise<void> {
    const { registry, changes, workspaceId } = this.#options
    await registry.refresh()
    changes.publish({ topic: 'config', workspaceId, id: workspaceId, callId: null })
  }
}

function fits(expected: Expected, active: string | null): boolean {
  if (expected === 'any') return active !== null
  return (expected?.version ?? null) === active
}
