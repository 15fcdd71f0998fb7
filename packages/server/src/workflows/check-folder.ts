// Looks at a folder of workflows as a start would, without a server: nothing is stored or sent.
//
//   bookend.config.ts ─▶ names of connections and calendars ─┐
//   files ─▶ read, compiled ────────────────────────────────▶┴─▶ problems, warnings, worst cases

import { WorkflowError } from '@bookend/core'
import { worstCaseMs } from '@bookend/core/yaml'
import { access, constants, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadConfig } from '../connections/load-config.ts'
import { ModuleFiles } from './module-files.ts'
import { describeOverBudget } from './over-budget.ts'
import { type FileWorkflow, readFiles } from './read-files.ts'

interface CheckedWorkflow {
  readonly file: string
  readonly name: string
  readonly kind: 'pre-call' | 'journey'
  readonly form: 'typescript' | 'yaml'
  readonly version: string
  readonly budgetMs: number | null
  /** Null where it cannot be known: for TypeScript, and for journeys. */
  readonly worstCaseMs: number | null
}

export interface CheckedFolder {
  readonly workflows: readonly CheckedWorkflow[]
  /** Lines that begin with the file; a start would be refused with them. */
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

/** What the configuration is told where no database is asked. */
const NO_DATABASE = 'postgresql://bookend@127.0.0.1/bookend'

/**
 * @param stored Names of connections that the server has beside those of the configuration.
 * @throws {Error} The folder is not there, or cannot be read.
 */
export async function checkFolder(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  stored: readonly string[] = [],
): Promise<CheckedFolder> {
  await readdir(folder)
  // What a server has bundled there is not bundled anew.
  const kept = env['BOOKEND_DATA_DIR'] ?? join(dirname(folder), '.bookend')
  const isKept = await isWritable(kept)
  const dataDir = isKept ? kept : await mkdtemp(join(tmpdir(), 'bookend-check-'))
  try {
    const databaseUrl = env['DATABASE_URL'] ?? NO_DATABASE
    const config = await readConfig({ folder, dataDir, env, databaseUrl }, stored)
    const files = await readFiles(folder, new ModuleFiles(dataDir), config)
    const unknown = files.workflows.flatMap((workflow) => findUnknown(workflow, config.connections))
    return {
      workflows: files.workflows.map(describe),
      problems: [...config.problems, ...files.problems, ...unknown],
      warnings: files.workflows.flatMap((workflow) => [
        ...workflow.warnings,
        ...findSlow(workflow),
      ]),
    }
  } finally {
    if (!isKept) await rm(dataDir, { recursive: true, force: true })
  }
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )

async function readConfig(options: Parameters<typeof loadConfig>[0], stored: readonly string[]) {
  try {
    const { connections, calendars } = await loadConfig(options)
    const names = [...connections.map(({ name }) => name), ...stored]
    return { connections: names, calendars, problems: [] }
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    const [, ...lines] = error.message.split('\n')
    const problems = lines.map((line) => `bookend.config.ts: ${line.trim()}`)
    return { connections: null, calendars: null, problems }
  }
}

/** YAML has said so itself, with the place. */
function findUnknown(
  { file, form, definition }: FileWorkflow,
  names: readonly string[] | null,
): readonly string[] {
  if (form === 'yaml' || names === null) return []
  return Object.entries(definition.connections)
    .filter(([, name]) => !names.includes(name))
    .map(([local, name]) => `${file}: connections.${local}: "${name}" is not configured`)
}

function describe({ file, form, version, definition, graph }: FileWorkflow): CheckedWorkflow {
  const { name, kind } = definition
  const isKnown = kind === 'pre-call' && graph !== null
  return {
    file,
    name,
    kind,
    form,
    version,
    budgetMs: kind === 'pre-call' ? definition.budgetMs : null,
    worstCaseMs: isKnown ? worstCaseMs(graph) : null,
  }
}

function findSlow({ file, definition, graph }: FileWorkflow): readonly string[] {
  const slow = describeOverBudget(definition, graph)
  return slow === null ? [] : [`${file}: ${slow}`]
}
