import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import {
  findBinaryPackage,
  prepareBinaries,
  type Binaries,
  type BinaryPackage,
} from './binaries.ts'
import { initialise } from './init.ts'
import { chooseRunAs } from './run-as.ts'

const isRoot = process.getuid?.() === 0

/** The package as `npm ci --ignore-scripts` leaves it, programs copied and the rest linked. */
function freshPackage(folder: string): BinaryPackage {
  const installed = findBinaryPackage()
  const root = join(folder, 'package')
  for (const name of ['bin', 'lib']) {
    mkdirSync(join(root, 'native', name), { recursive: true })
    for (const entry of readdirSync(join(installed.root, 'native', name), {
      withFileTypes: true,
    })) {
      const from = join(installed.root, 'native', name, entry.name)
      const to = join(root, 'native', name, entry.name)
      if (entry.isFile()) cpSync(from, to)
      if (entry.isDirectory()) symlinkSync(from, to)
    }
  }
  for (const name of ['share', 'pg-symlinks.json']) {
    symlinkSync(join(installed.root, 'native', name), join(root, 'native', name))
  }
  return { ...installed, root }
}

/** Makes the package unwritable, for root through a read-only mount. */
function protect(root: string): Disposable {
  if (!isRoot) {
    for (const name of ['bin', 'lib']) chmodSync(join(root, 'native', name), 0o555)
    return {
      [Symbol.dispose]: () => {
        for (const name of ['bin', 'lib']) chmodSync(join(root, 'native', name), 0o755)
      },
    }
  }
  execFileSync('mount', ['--bind', root, root])
  execFileSync('mount', ['-o', 'remount,bind,ro', root])
  return { [Symbol.dispose]: () => void execFileSync('umount', [root]) }
}

function versionFrom(program: string, { env }: Binaries): string {
  return execFileSync(program, ['--version'], { env: { ...env }, encoding: 'utf8' })
}

const canProtect = !isRoot || process.platform === 'linux'

describe('the PostgreSQL package installed without its scripts', () => {
  test('is made runnable in place', async () => {
    await using folder = await temporaryFolder()
    const pkg = freshPackage(folder.path)
    for (const program of ['initdb', 'postgres'])
      chmodSync(join(pkg.root, 'native/bin', program), 0o644)
    const binaries = await prepareBinaries(pkg, folder.path)
    expect(versionFrom(binaries.postgres, binaries)).toContain(`PostgreSQL) ${pkg.major}.`)
    expect(versionFrom(binaries.initdb, binaries)).toContain(`PostgreSQL) ${pkg.major}.`)
    expect(binaries.env).toEqual({})
  })

  test.runIf(canProtect)(
    'gets its library links in the data folder when it is read-only',
    async () => {
      await using folder = await temporaryFolder()
      const pkg = freshPackage(folder.path)
      using _protected = protect(pkg.root)
      const binaries = await prepareBinaries(pkg, folder.path)
      expect(Object.values(binaries.env)).toEqual([join(folder.path, 'lib')])
      expect(binaries.folders).toContain(join(folder.path, 'lib'))
      expect(binaries.postgres).toBe(join(pkg.root, 'native', 'bin', 'postgres'))
      expect(versionFrom(binaries.postgres, binaries)).toContain(`PostgreSQL) ${pkg.major}.`)
      expect(versionFrom(binaries.initdb, binaries)).toContain(`PostgreSQL) ${pkg.major}.`)
    },
  )

  test.runIf(canProtect)(
    'has its programs copied when it is read-only and they cannot be executed',
    async () => {
      await using folder = await temporaryFolder()
      const pkg = freshPackage(folder.path)
      for (const program of ['initdb', 'postgres'])
        chmodSync(join(pkg.root, 'native/bin', program), 0o644)
      mkdirSync(join(folder.path, 'native-of-an-earlier-version'))
      using _protected = protect(pkg.root)
      const binaries = await prepareBinaries(pkg, folder.path)
      expect(binaries.postgres).toBe(join(folder.path, `native-${pkg.version}`, 'bin', 'postgres'))
      expect(versionFrom(binaries.postgres, binaries)).toContain(`PostgreSQL) ${pkg.major}.`)
      const before = await stat(binaries.postgres)
      await prepareBinaries(pkg, folder.path)
      expect((await stat(binaries.postgres)).ino).toBe(before.ino)
      const names = readdirSync(folder.path).filter((name) => name.startsWith('native'))
      expect(names).toEqual([`native-${pkg.version}`])
      // The copied programs find their data and their extensions through the links beside them.
      const runAs = { ...(await chooseRunAs('/nonexistent')), overridesAccess: isRoot }
      const runtime = { binaries, runAs }
      const options = { dataDir: folder.path, runtime, isSynced: false, signal: undefined }
      expect(await initialise(options)).toBe(true)
    },
  )
})
