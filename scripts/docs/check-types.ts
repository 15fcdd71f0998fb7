// Type-checks the TypeScript of many samples in one program. They stand in no file: the compiler is
// told their text, at a place from which the packages of this repository are found.
//
//   sample ─▶ module in memory ─▶ one program ─▶ what is wrong, by page and line

import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root, type Sample } from './samples.ts'
import { wrapTypeScript } from './wrap.ts'

/** What a sample imports from beside it: some workflow. */
const SIBLING = /^\.{1,2}\/(?:workflows\/)?[\w-]+\.(pre-call|journey)\.ts$/

/** @returns Lines such as `docs/guides/journeys.md:27: Property 'x' does not exist …`. */
export function checkTypes(samples: readonly Sample[]): readonly string[] {
  const modules = new Map<string, { text: string; sample: Sample; linesBefore: number }>()
  for (const sample of samples) {
    const wrapped = wrapTypeScript(sample)
    if (wrapped === null) continue
    const path = join(root, 'docs', `sample-${modules.size}.ts`)
    modules.set(path, { text: wrapped.module, sample, linesBefore: wrapped.linesBefore })
  }
  const options = readOptions()
  const siblings = new Map(
    ['pre-call', 'journey'].map((kind) => [join(root, `docs/sibling.${kind}.ts`), declare(kind)]),
  )
  const textOf = (path: string) => modules.get(path)?.text ?? siblings.get(path)
  const disk = ts.createCompilerHost(options)
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => textOf(path) !== undefined || disk.fileExists(path),
    readFile: (path) => textOf(path) ?? disk.readFile(path),
    getSourceFile(path, version, ...rest) {
      const text = textOf(path)
      return text === undefined
        ? disk.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, text, version)
    },
  }
  const cache = ts.createModuleResolutionCache(root, (path) => path, options)
  host.resolveModuleNameLiterals = (literals, from, redirected, using, file) =>
    literals.map((literal) => {
      const [, kind] = SIBLING.exec(literal.text) ?? []
      const name =
        kind !== undefined && dirname(from) === join(root, 'docs')
          ? `./sibling.${kind}.ts`
          : literal.text
      const mode = ts.getModeForUsageLocation(file, literal, using)
      return ts.resolveModuleName(name, from, using, host, cache, redirected, mode)
    })
  const program = ts.createProgram([...modules.keys()], options, host)
  return [...modules].flatMap(([path, { sample, linesBefore }]) => {
    const source = program.getSourceFile(path)
    if (source === undefined) return [`${sample.page}:${sample.line}: was not read`]
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]
    return found.map(({ start = 0, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start)
      const at = sample.line + 1 + line - linesBefore
      return `${sample.page}:${at}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  })
}

const declare = (kind: string): string =>
  kind === 'journey'
    ? `import { journey } from '@bookend/sdk'\nexport default journey('a', { on: 'call.completed', run: async () => {} })\n`
    : `import { preCall } from '@bookend/sdk'\nimport { z } from 'zod'\nexport default preCall('a', { parameters: z.object({}), fallback: {}, run: () => ({ parameters: {} }) })\n`

/** As the repository is checked, and as an author's folder is. */
function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: unknown }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  delete options.rootDir
  delete options.outDir
  return {
    ...options,
    composite: false,
    declaration: false,
    declarationMap: false,
    incremental: false,
    noEmit: true,
  }
}
