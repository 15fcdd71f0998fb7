// The workflows of this installation, and of its past.
//
//   folder ─▶ bundles ─▶ modules ─▶ definitions ─▶ stored once ─▶ registry
//          └▶ YAML, parsed ─────────▶┘
//   a run's version ─▶ memory, else database ─▶ module or YAML ─▶ definition
//
// W1. All files are loaded or none is: a start refuses with every fault at once.
// W2. What runs was stored first, so that the run can go on after the file has changed (J4).

import { WORKFLOW_NAME } from '@bookend/contract'
import type { JsonObject } from '@bookend/contract'
import { WorkflowError } from '@bookend/core'
import type { Calendars } from '@bookend/core/yaml'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { versionOf } from './bundle.ts'
import { fileNameOf } from './find-files.ts'
import { type FileWorkflow, loadFiles } from './load-files.ts'
import { ModuleFiles } from './module-files.ts'
import { readDefinition } from './read-definition.ts'
import type { LoadedJourney, LoadedPreCall, LoadedWorkflow, WorkflowRegistry } from './registry.ts'
import { findVersion, storeVersions } from './versions.ts'
import { readStoredYaml, sourceOf } from './yaml-version.ts'

export interface LoadOptions {
  /** Where the workflow files are; it may be absent. */
  readonly folder: string
  readonly database: Database
  readonly workspaceId: string
  readonly dataDir: string
  /** What `business_hours` of a YAML file may ask. */
  readonly calendars: Calendars
  readonly log: Log
}

export type OpenWorkflowRegistry = WorkflowRegistry & { close(): Promise<void> }

const VERSION = /^[0-9a-f]{16}$/

/**
 * @throws {WorkflowError} At least one file cannot be loaded; the message has a line for each fault.
 * @throws {DatabaseAwayError}
 */
export async function loadWorkflows(options: LoadOptions): Promise<OpenWorkflowRegistry> {
  const { folder, database, workspaceId, dataDir, calendars, log } = options
  const modules = new ModuleFiles(dataDir)
  const files = await loadFiles(folder, modules, calendars)
  const firsts = await storeVersions(database, workspaceId, files.map(describeVersion))
  const active = files.map((file) => activate(file, firsts.get(file.definition.name)))
  for (const { name, version, kind } of active) {
    log.info({ workflow: name, version, kind }, 'workflow loaded')
  }
  const journeys = active.filter(isJourney)
  const preCalls = new Map(active.filter(isPreCall).map((workflow) => [workflow.name, workflow]))
  const byVersion = new Map<string, Promise<LoadedJourney | null>>(
    journeys.map((workflow) => [idOf(workflow.name, workflow.version), Promise.resolve(workflow)]),
  )

  async function loadStored(name: string, version: string): Promise<LoadedJourney | null> {
    const stored = await findVersion(database, workspaceId, name, version)
    if (stored?.kind !== 'journey') return null
    if (versionOf(stored.bundle) !== version) {
      throw new WorkflowError(`The stored version ${version} of "${name}" is damaged`)
    }
    const { createdAt: updatedAt, form } = stored
    const definition =
      form === 'yaml'
        ? readStoredYaml(name, 'journey', stored.bundle, calendars)
        : await readStoredModule(name, version, stored.bundle)
    if (definition.kind !== 'journey') return null
    const loaded = { name, version, kind: 'journey', updatedAt, definition } as const
    return { ...loaded, form: form === 'yaml' ? 'yaml' : 'typescript' }
  }

  async function readStoredModule(name: string, version: string, bundle: string) {
    const path = await modules.keep(name, version, bundle)
    const file = { file: fileNameOf(name, 'journey'), stem: name, kind: 'journey' as const }
    return readDefinition(await modules.load(path), file)
  }

  return {
    list: () => active,
    preCall: (name) => preCalls.get(name) ?? null,
    journeysOn: (eventType) => journeys.filter(({ definition }) => definition.on === eventType),
    async journey(name, version) {
      if (!WORKFLOW_NAME.test(name) || !VERSION.test(version)) return null
      const id = idOf(name, version)
      const loading = byVersion.get(id) ?? loadStored(name, version)
      byVersion.set(id, loading)
      try {
        const loaded = await loading
        if (loaded === null) byVersion.delete(id)
        return loaded
      } catch (error) {
        byVersion.delete(id)
        throw error
      }
    },
    async close() {
      byVersion.clear()
    },
  }
}

const idOf = (name: string, version: string): string => `${name} ${version}`

function activate(
  { definition, version, form, code }: FileWorkflow,
  first: Date | undefined,
): LoadedWorkflow {
  const { name, kind } = definition
  if (first === undefined) throw new TypeError(`Workflow "${name}" was not stored`)
  const source = form === 'yaml' ? { source: sourceOf(code) } : {}
  return { name, version, form, kind, updatedAt: first, definition, ...source }
}

function describeVersion({ definition, version, code, form }: FileWorkflow) {
  const { name, kind, connections } = definition
  const own: JsonObject =
    definition.kind === 'journey'
      ? { on: definition.on }
      : { budget_ms: definition.budgetMs, parameters: Object.keys(definition.parameters) }
  return {
    name,
    version,
    kind,
    form,
    bundle: code,
    manifest: { ...own, connections: { ...connections } },
  }
}

const isJourney = (workflow: LoadedWorkflow): workflow is LoadedJourney =>
  workflow.kind === 'journey'
const isPreCall = (workflow: LoadedWorkflow): workflow is LoadedPreCall =>
  workflow.kind === 'pre-call'
