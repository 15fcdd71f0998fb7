import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { canApproach, canReadFolders, PASS, permits, READ, type Account } from './reach.ts'

/** An account that owns nothing here. */
const stranger: Account = { name: 'stranger', uid: 3_999_999, gid: 3_999_999 }

describe('permission by mode', () => {
  const account = { name: 'a', uid: 10, gid: 20 }
  test.each([
    ['the owner', { uid: 10, gid: 99, mode: 0o40700 }, true],
    ['the group', { uid: 99, gid: 20, mode: 0o40070 }, true],
    ['everybody', { uid: 99, gid: 99, mode: 0o40007 }, true],
    [
      'the owner, who is shut out though others are not',
      { uid: 10, gid: 99, mode: 0o40077 },
      false,
    ],
    ['the group, which is shut out though others are not', { uid: 9, gid: 20, mode: 0o707 }, false],
    ['somebody else', { uid: 99, gid: 99, mode: 0o40770 }, false],
  ])('asks the bits of %s', (_, entry, isPermitted) => {
    expect(permits(entry, account, READ | PASS)).toBe(isPermitted)
  })

  test('needs every bit that is asked for', () => {
    expect(permits({ uid: 1, gid: 1, mode: 0o1 }, account, PASS)).toBe(true)
    expect(permits({ uid: 1, gid: 1, mode: 0o1 }, account, READ | PASS)).toBe(false)
  })
})

describe('reaching files as another account', () => {
  test('fails at one closed folder on the way (R2)', async () => {
    await using folder = await temporaryFolder()
    await chmod(folder.path, 0o755)
    const closed = join(folder.path, 'closed')
    await mkdir(join(closed, 'in'), { recursive: true })
    expect(await canApproach(join(closed, 'in', 'file'), stranger)).toBe(true)
    await chmod(closed, 0o700)
    expect(await canApproach(join(closed, 'in', 'file'), stranger)).toBe(false)
  })

  test('needs readable files, and programs that others may run', async () => {
    await using folder = await temporaryFolder()
    await chmod(folder.path, 0o755)
    const file = join(folder.path, 'file')
    await writeFile(file, '')
    const canRead = async (mode: number): Promise<boolean> => {
      await chmod(file, mode)
      return await canReadFolders([folder.path], stranger)
    }
    expect(await canRead(0o644)).toBe(true)
    expect(await canRead(0o755)).toBe(true)
    expect(await canRead(0o600)).toBe(false)
    expect(await canRead(0o744)).toBe(false)
  })

  test('follows links to where they lead', async () => {
    await using folder = await temporaryFolder()
    await chmod(folder.path, 0o755)
    await mkdir(join(folder.path, 'closed'))
    await writeFile(join(folder.path, 'closed', 'library'), '')
    await mkdir(join(folder.path, 'links'))
    await symlink('../closed/library', join(folder.path, 'links', 'library'))
    expect(await canReadFolders([join(folder.path, 'links')], stranger)).toBe(true)
    await chmod(join(folder.path, 'closed'), 0o700)
    expect(await canReadFolders([join(folder.path, 'links')], stranger)).toBe(false)
  })
})
