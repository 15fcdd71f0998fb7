// From files to definitions, each with what is wrong with it.

import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import { WorkflowError } from '@bookend/core'
import { renderProblem, type WorkflowGraph } from '@bookend/core/yaml'
import { bundleAll, type BundledModule } from './bundle-cache.ts'
import { fileNameOf, findFiles, type WorkflowFile, type WorkflowForm } from './find-files.ts'
import type { ModuleFiles } from './module-files.ts'
import { readDefinition } from './read-definition.ts'
import { type Mentionable, readYamlFile } from './yaml-version.ts'

export interface FileWorkflow {
  readonly file: string
  readonly form: WorkflowForm
  readonly definition: PreCallWorkflow | JourneyWorkflow
  readonly version: string
  /** A bundle, or a text of YAML: what is stored. */
  readonly code: string
  /** Known of YAML alone. */
  readonly graph: WorkflowGraph | null
  /** What is odd and does no harm, a line each. */
  readonly warnings: readonly string[]
}

export interface ReadFiles {
  readonly workflows: readonly FileWorkflow[]
  /** A line for each fault, beginning with the file. */
  readonly problems: readonly string[]
}

const NOTE_FILE = 'workflows.json'

export async function readFiles(
  folder: string,
  modules: ModuleFiles,
  mentionable: Mentionable,
): Promise<ReadFiles> {
  const files = await findFiles(folder)
  const problems = [...findMisnamed(files), ...findTwins(files)]
  if (problems.length > 0) return { workflows: [], problems }
  const written = files.filter(({ form }) => form === 'typescript')
  const bundles = await bundleOrTell(written, modules, problems)
  const workflows: FileWorkflow[] = []
  for (const file of files) {
    const bundle = bundles.get(file.path)
    if (file.form === 'typescript' && bundle === undefined) continue
    try {
      workflows.push(
        bundle === undefined
          ? await readYaml(file, mentionable)
          : await readModule(file, modules, bundle),
      )
    } catch (error) {
      if (!(error instanceof WorkflowError)) throw error
      problems.push(...error.message.split('\n'))
    }
  }
  return { workflows, problems }
}

async function bundleOrTell(
  files: readonly WorkflowFile[],
  modules: ModuleFiles,
  problems: string[],
): Promise<ReadonlyMap<string, BundledModule>> {
  const sources = files.map(({ path, stem }) => ({ path, name: stem }))
  try {
    return await bundleAll(sources, modules, NOTE_FILE)
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    problems.push(...error.message.split('\n'))
    return new Map()
  }
}

async function readModule(
  file: WorkflowFile,
  modules: ModuleFiles,
  { code, version }: BundledModule,
): Promise<FileWorkflow> {
  const path = await modules.keep(file.stem, version, code)
  const module = await modules.load(path).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    throw new WorkflowError(`${file.file}: ${message}`, { cause: error })
  })
  const definition = readDefinition(module, file)
  const { file: name, form } = file
  return { file: name, form, definition, version, code, graph: null, warnings: [] }
}

/** @throws {WorkflowError} A line for each problem. */
async function readYaml(file: WorkflowFile, mentionable: Mentionable): Promise<FileWorkflow> {
  const { file: name, form } = file
  const { parsed, code, version } = await readYamlFile(file, mentionable)
  if (!parsed.ok) {
    throw new WorkflowError(parsed.problems.map((each) => renderProblem(name, each)).join('\n'))
  }
  const { definition, graph } = parsed
  const warnings = parsed.warnings.map((each) => renderProblem(name, each))
  return { file: name, form, definition, version, code, graph, warnings }
}

const findMisnamed = (files: readonly WorkflowFile[]): string[] =>
  files
    .filter(({ file }) => file.endsWith('.yml'))
    .map(({ file, stem, kind }) => `${file}: call the file ${fileNameOf(stem, kind, 'yaml')}`)

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
