// Turns authored TypeScript into modules that need nothing beside them.
//
//   entry points ─▶ esbuild, everything inlined ─▶ names without a place ─▶ module, version, inputs
//
// B1. The same sources give the same version, in whatever folder and on whatever machine.
// B2. Every fault of every file is told at once, with its file, line and column.

import { WorkflowError } from '@bookend/core'
import { type BuildFailure, type Message, type OutputFile, type Plugin, version } from 'esbuild'
import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BundleOptions, buildOnce, type Built } from './bundler.ts'
import { sourceName } from './source-names.ts'

export interface Bundle {
  /** One ES module, with its source map inside. */
  readonly code: string
  readonly version: string
  /** Absolute paths of everything that went into it. */
  readonly inputs: readonly string[]
}

const here = fileURLToPath(import.meta.url)
/** Run from sources, the server has no built packages that a workflow could be given. */
const conditions = here.endsWith('.ts') ? ['@bookend/source'] : []

/** CommonJS packages, inlined into an ES module, still ask for the runtime's own modules. */
const BANNER = `import { createRequire as bookendRequire } from 'node:module'
const require = bookendRequire(import.meta.url)`

/** What belongs to the outcome of a bundle besides its inputs. */
export const bundlerStamp = JSON.stringify([version, conditions, BANNER])

export const versionOf = (code: string): string =>
  createHash('sha256').update(code).digest('hex').slice(0, 16)

/**
 * Bundles of TypeScript files of one folder, by their paths.
 *
 * @throws {WorkflowError} Some of them cannot be bundled; the message has a line for each fault.
 */
export async function bundle(paths: readonly string[]): Promise<ReadonlyMap<string, Bundle>> {
  const [first] = paths
  if (first === undefined) return new Map()
  const folder = await realpath(dirname(first))
  const { outputFiles, metafile } = await runBuild(folder, paths)
  const outputs = new Map(outputFiles.map((file) => [basename(file.path), file]))
  const bundles = paths.map(async (path): Promise<[string, Bundle]> => {
    const name = basename(path)
    const [, output] = find(Object.entries(metafile.outputs), ([key]) => key === `${name}.js`)
    const keys = Object.keys(output.inputs)
    const entryFolder = dirname(await realpath(path))
    const names = new Map(keys.map((key) => [key, sourceName(resolve(folder, key), entryFolder)]))
    const code = nameSources(textOf(outputs, `${name}.js`), names)
    const map = nameMap(textOf(outputs, `${name}.js.map`), names)
    const whole = `${code}//# sourceMappingURL=data:application/json;base64,${map}\n`
    const inputs = keys.map((key) => resolve(folder, key))
    return [path, { code: whole, version: versionOf(whole), inputs }]
  })
  return new Map(await Promise.all(bundles))
}

async function runBuild(folder: string, paths: readonly string[]): Promise<Built> {
  try {
    return await buildOnce(optionsFor(folder, paths))
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    throw new WorkflowError(error.errors.map(describeFault).join('\n'), { cause: error })
  }
}

const optionsFor = (folder: string, paths: readonly string[]) =>
  ({
    absWorkingDir: folder,
    entryPoints: paths.map((path) => ({ in: path, out: basename(path) })),
    outdir: folder,
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'external',
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    banner: { js: BANNER },
    conditions,
    // A project's own settings would make the version depend on more than the sources (B1).
    tsconfigRaw: {},
    plugins: [ownPackages],
  }) satisfies BundleOptions

/** A folder of workflows without packages of its own gets the server's SDK and zod. */
const ownPackages: Plugin = {
  name: 'bookend-own-packages',
  setup(bundler) {
    const asked = {}
    bundler.onResolve({ filter: /^(@bookend\/sdk|zod)(\/|$)/ }, async (args) => {
      if (args.pluginData === asked) return undefined
      const { path, resolveDir, kind } = args
      const found = await bundler.resolve(path, { resolveDir, kind, pluginData: asked })
      if (found.errors.length === 0) return found
      return bundler.resolve(path, { resolveDir: dirname(here), kind, pluginData: asked })
    })
  },
}

/** The bundler writes where each piece comes from: as a comment, and around CommonJS modules. */
function nameSources(code: string, names: ReadonlyMap<string, string>): string {
  return code
    .replace(/^\/\/ (.+)$/gm, (line, key: string) =>
      names.has(key) ? `// ${names.get(key)}` : line,
    )
    .replace(/^( +)"(.+)"\((?=.*\) \{$)/gm, (line, indent: string, key: string) =>
      names.has(key) ? `${indent}"${names.get(key)}"(` : line,
    )
}

interface SourceMap {
  sources: string[]
  sourcesContent?: (string | null)[]
}

/** Packages keep their names in it and lose their text, which would triple the bundle. */
function nameMap(text: string, names: ReadonlyMap<string, string>): string {
  const map = JSON.parse(text) as SourceMap
  const sources = map.sources.map((source) => names.get(source) ?? source)
  const sourcesContent = map.sourcesContent?.map((content, index) =>
    sources[index]?.startsWith('./') === true ? content : null,
  )
  return Buffer.from(JSON.stringify({ ...map, sources, sourcesContent })).toString('base64')
}

function describeFault({ text, location }: Message): string {
  if (location === null) return text
  return `${location.file}:${location.line}:${location.column + 1}: ${text}`
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors)

const textOf = (outputs: ReadonlyMap<string, OutputFile>, name: string): string =>
  find([...outputs], ([key]) => key === name)[1].text

function find<T>(all: readonly T[], isIt: (item: T) => boolean): T {
  const found = all.find(isIt)
  if (found === undefined) throw new TypeError('The bundler left out a file it was asked for')
  return found
}
