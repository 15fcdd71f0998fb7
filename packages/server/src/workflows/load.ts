// The workflows of this installation, and of its past.
//
//   folder ─▶ bundles, YAML ─▶ definitions ─▶ stored once ─┐
//   published ─▶ stored versions ─────────────────────────▶┴─▶ one table, swapped whole
//   a run's version ─▶ memory, else database ─▶ module or YAML ─▶ definition
//
// W1. All files are loaded or none is: a start refuses with every fault at once, and a reload that
//     fails leaves what was there.
// W2. What runs was stored first, so that the run can go on after the file has changed (J4).
// W3. Loads follow one another, so that an older state never wins over a newer one.

import { WORKFLOW_NAME } from '@bookend/contract'
import type { Calendars } from '@bookend/core/yaml'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { describeVersion } from './describe-version.ts'
import { type FileWorkflow, loadFiles } from './load-files.ts'
import { loadPublished, type Published } from './load-published.ts'
import { ModuleFiles } from './module-files.ts'
import { listPublished } from './published.ts'
import type { LoadedJourney, LoadedWorkflow, WorkflowRegistry } from './registry.ts'
import { loadStored } from './stored-workflows.ts'
import { storeVersions } from './versions.ts'
import { createTable, isJourney } from './workflow-table.ts'
import { sourceOf } from './yaml-version.ts'

/** What of the connections a workflow is checked against. */
export interface KnownConnections {
  /** Null when they are not known. */
  readonly names: () => readonly string[] | null
  /** @throws {WorkflowError} It uses one that is not configured. */
  readonly check: (workflow: LoadedWorkflow['definition']) => void
}

export interface LoadOptions {
  /** Where the workflow files are; it may be absent. */
  readonly folder: string
  readonly database: Database
  readonly workspaceId: string
  readonly dataDir: string
  /** What `business_hours` of a YAML file may ask. */
  readonly calendars: Calendars
  readonly connections: KnownConnections
  readonly log: Log
}

export interface OpenWorkflowRegistry extends WorkflowRegistry {
  /**
   * Takes over what was published or unpublished, here or by another process.
   *
   * @throws {DatabaseAwayError} What was active stays so.
   */
  refresh(): Promise<void>
  /**
   * Reads the folder again.
   *
   * @throws {WorkflowError} At least one file cannot be loaded; what was active stays so.
   * @throws {DatabaseAwayError} The same.
   */
  reloadFiles(): Promise<void>
  close(): Promise<void>
}

const VERSION = /^[0-9a-f]{16}$/

/**
 * @throws {WorkflowError} At least one file cannot be loaded; the message has a line for each fault.
 * @throws {DatabaseAwayError}
 */
export async function loadWorkflows(options: LoadOptions): Promise<OpenWorkflowRegistry> {
  const { folder, database, workspaceId, dataDir, calendars, connections, log } = options
  const modules = new ModuleFiles(dataDir)
  const stored = { database, workspaceId, modules, calendars }
  let files: readonly LoadedWorkflow[] = []
  let published: Published = new Map()
  const told = new Set<string>()
  let table = createTable([], [])
  const byVersion = new Map<string, Promise<LoadedJourney | null>>()
  let loading: Promise<void> = Promise.resolve()

  function swap(): void {
    const before = table
    table = createTable(files, [...published.values()])
    for (const workflow of table.list()) {
      const { name, version, kind } = workflow
      if (isJourney(workflow)) byVersion.set(idOf(name, version), Promise.resolve(workflow))
      if (before.find(name)?.version !== version) {
        log.info({ workflow: name, version, kind }, 'workflow loaded')
      }
    }
  }

  /** One after the other (W3); a fault is told to whoever asked, and ends nothing. */
  function queue(work: () => Promise<void>): Promise<void> {
    const asked = loading.then(work)
    loading = asked.catch(() => undefined)
    return asked
  }

  async function readFolder(): Promise<void> {
    const mentionable = { connections: connections.names(), calendars }
    const read = await loadFiles(folder, modules, mentionable, connections.check)
    const firsts = await storeVersions(database, workspaceId, read.map(describeVersion))
    files = read.map((file) => activate(file, firsts.get(file.definition.name)))
    swap()
  }

  async function readPublished(): Promise<void> {
    const rows = await listPublished(database, workspaceId)
    const load = (name: string, version: string) => loadStored(stored, name, version)
    const { check } = connections
    const next = await loadPublished(rows, published, { load, check, log, told })
    const isSame = next.size === published.size && [...next].every(isIn(published))
    if (isSame) return
    published = next
    swap()
  }

  async function loadJourney(name: string, version: string): Promise<LoadedJourney | null> {
    const found = await loadStored(stored, name, version)
    if (found === null) return null
    const loaded: LoadedWorkflow = { ...found, origin: 'published' }
    return isJourney(loaded) ? loaded : null
  }

  await readFolder()
  await readPublished()
  for (const { name } of files) {
    if (published.has(name)) log.warn({ workflow: name }, 'a file hides a published workflow')
  }

  let nextRefresh: Promise<void> | null = null
  return {
    list: () => table.list(),
    find: (name) => table.find(name),
    preCall: (name) => table.preCall(name),
    journeysOn: (eventType) => table.journeysOn(eventType),
    async journey(name, version) {
      if (!WORKFLOW_NAME.test(name) || !VERSION.test(version)) return null
      const id = idOf(name, version)
      const found = byVersion.get(id) ?? loadJourney(name, version)
      byVersion.set(id, found)
      try {
        const loaded = await found
        if (loaded === null) byVersion.delete(id)
        return loaded
      } catch (error) {
        byVersion.delete(id)
        throw error
      }
    },
    refresh() {
      // One that has not begun yet will see what this one is asked for.
      nextRefresh ??= queue(async () => {
        nextRefresh = null
        await readPublished()
      })
      return nextRefresh
    },
    reloadFiles: () => queue(readFolder),
    async close() {
      await loading
      byVersion.clear()
    },
  }
}

const idOf = (name: string, version: string): string => `${name} ${version}`

const isIn =
  (published: Published) =>
  ([name, workflow]: readonly [string, LoadedWorkflow]): boolean =>
    published.get(name) === workflow

function activate(
  { definition, version, form, code, graph }: FileWorkflow,
  first: Date | undefined,
): LoadedWorkflow {
  const { name, kind } = definition
  if (first === undefined) throw new TypeError(`Workflow "${name}" was not stored`)
  const source = form === 'yaml' ? { source: sourceOf(code) } : {}
  const origin = 'file' as const
  return { name, version, form, origin, kind, updatedAt: first, definition, graph, ...source }
}
