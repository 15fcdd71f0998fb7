import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { bundle, versionOf } from './bundle.ts'
import { intake, writeFiles } from './testing/files.ts'

let root: TemporaryFolder

beforeEach(async () => {
  root = await temporaryFolder()
})
afterEach(() => root[Symbol.asyncDispose]())

async function bundleIn(folder: string, files: Readonly<Record<string, string>>, entry: string) {
  await writeFiles(join(root.path, folder), files)
  const path = join(root.path, folder, entry)
  const made = (await bundle([path])).get(path)
  if (made === undefined) throw new TypeError('no bundle')
  return made
}

const project = (vip: string) => ({
  'node_modules/old-style/package.json': '{"name":"old-style","main":"lib/index.js"}',
  'node_modules/old-style/lib/index.js': `exports.name = require('node:path').basename('/a/old')`,
  'lib/rules.ts': `export const vip: string = '${vip}'`,
  'workflows/x.journey.ts': `import { name } from 'old-style'
    import { vip } from '../lib/rules.ts'
    export default { name, vip }`,
})

describe('a bundle', () => {
  test('has the same version and the same bytes in every folder (B1)', async () => {
    const entry = 'workflows/x.journey.ts'
    const here = await bundleIn('a', project('gold'), entry)
    const there = await bundleIn('deep/er/b', project('gold'), entry)
    expect(there.code).toBe(here.code)
    expect(there.version).toBe(here.version)
    expect(here.version).toMatch(/^[0-9a-f]{16}$/)
    expect(here.version).toBe(versionOf(here.code))
  })

  test('names no folder of the machine, also where the SDK is a linked package (B1)', async () => {
    const { code } = await bundleIn('a', { 'workflows/intake.pre-call.ts': intake() }, INTAKE)
    const { sources } = mapOf(code)
    expect(sources).toContain('./intake.pre-call.ts')
    expect(sources).toContain('zod/v4/classic/schemas.js')
    expect(sources.filter((name) => name.startsWith('@bookend/'))).not.toEqual([])
    const comments = code.match(/^\/\/ .*$/gm) ?? []
    for (const text of [...comments, ...sources]) {
      expect(text).not.toContain(root.path)
      expect(text).not.toMatch(/^(\/\/ )?\.\.\/|node_modules/)
    }
  })

  test('does not ask how a volume links its files (B1)', async () => {
    const files = { 'real/2026/intake.pre-call.ts': intake(), 'plain/intake.pre-call.ts': intake() }
    await writeFiles(root.path, files)
    await mkdir(join(root.path, 'linked'))
    const linked = join(root.path, 'linked/intake.pre-call.ts')
    await symlink('../real/2026/intake.pre-call.ts', linked)
    const plain = await bundleIn('', files, 'plain/intake.pre-call.ts')
    expect((await bundle([linked])).get(linked)?.version).toBe(plain.version)
  })

  test('has another version once anything it uses has changed', async () => {
    const entry = 'workflows/x.journey.ts'
    const before = await bundleIn('a', project('gold'), entry)
    const after = await bundleIn('a', project('silver'), entry)
    expect(after.version).not.toBe(before.version)
  })

  test('does not depend on what is bundled beside it', async () => {
    const files = { ...project('gold'), 'workflows/y.journey.ts': `import 'zod'; export default 1` }
    const alone = await bundleIn('a', files, 'workflows/x.journey.ts')
    const paths = ['x', 'y'].map((name) => join(root.path, `a/workflows/${name}.journey.ts`))
    expect((await bundle(paths)).get(paths[0] ?? '')?.version).toBe(alone.version)
  })

  test('needs nothing beside it, CommonJS packages included', async () => {
    const { code } = await bundleIn('a', project('gold'), 'workflows/x.journey.ts')
    await writeFiles(root.path, { 'elsewhere/alone.mjs': code })
    const module: unknown = await import(join(root.path, 'elsewhere/alone.mjs'))
    expect(module).toMatchObject({ default: { name: 'old', vip: 'gold' } })
  })

  test('keeps the text of the author in its map, and no package’s', async () => {
    const { code } = await bundleIn('a', { 'workflows/intake.pre-call.ts': intake() }, INTAKE)
    const { sources, sourcesContent } = mapOf(code)
    const kept = sources.filter((_, index) => sourcesContent[index] !== null)
    expect(kept).toEqual(['./intake.pre-call.ts'])
  })

  test('cannot be made: every fault of every file, with its place (B2)', async () => {
    const files = {
      'a.journey.ts': `import { gone } from './gone.ts'\nexport default gone`,
      'b.journey.ts': `export default\n  {{`,
    }
    await writeFiles(root.path, files)
    const failing = bundle(Object.keys(files).map((file) => join(root.path, file)))
    await expect(failing).rejects.toMatchObject({
      code: 'workflow_invalid',
      message: expect.stringMatching(
        /a\.journey\.ts:1:22: Could not resolve "\.\/gone\.ts"[^]*b\.journey\.ts:2:4: Expected/,
      ),
    })
  })

  test('ignores a project’s own compiler settings (B1)', async () => {
    const entry = 'workflows/x.journey.ts'
    const files = { [entry]: 'export default class { name = 1 }' }
    const settings = '{"compilerOptions":{"useDefineForClassFields":false}}'
    const plain = await bundleIn('a', files, entry)
    const told = await bundleIn('b', { ...files, 'tsconfig.json': settings }, entry)
    expect(told.version).toBe(plain.version)
  })
})

const INTAKE = 'workflows/intake.pre-call.ts'

interface SourceMap {
  sources: string[]
  sourcesContent: (string | null)[]
}

function mapOf(code: string): SourceMap {
  const map = code.slice(code.lastIndexOf('base64,') + 'base64,'.length)
  return JSON.parse(Buffer.from(map, 'base64').toString()) as SourceMap
}

test.runIf(process.platform === 'linux')('a start-up’s bundler does not outlive it', async () => {
  await bundleIn('a', { 'workflows/intake.pre-call.ts': intake() }, INTAKE)
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  const names = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  expect(names.filter((name) => name.includes('esbuild'))).toEqual([])
})
