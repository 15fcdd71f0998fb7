import { mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { prepareSocketFolder, releaseSocketFolder, shortFolder } from './folders.ts'

const longPath = (folder: string): string => join(folder, 'long'.repeat(30))
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

describe('the folder of the socket', () => {
  test('lies in the data folder, closed to others (S1)', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'run'), { mode: 0o777 })
    expect(await prepareSocketFolder(folder.path, undefined)).toBe(join(folder.path, 'run'))
    expect(await modeOf(join(folder.path, 'run'))).toBe(0o700)
  })

  test('loses what an earlier server left in it', async () => {
    await using folder = await temporaryFolder()
    const run = await prepareSocketFolder(folder.path, undefined)
    await writeFile(join(run, '.s.PGSQL.5432.lock'), '1\n')
    await prepareSocketFolder(folder.path, undefined)
    await expect(stat(join(run, '.s.PGSQL.5432.lock'))).rejects.toThrow('ENOENT')
  })

  test('has a short, private stand-in for a long path, gone after use (S1, S2)', async () => {
    await using folder = await temporaryFolder()
    const dataDir = longPath(folder.path)
    const short = await prepareSocketFolder(dataDir, undefined)
    expect(short).toBe(shortFolder(dataDir))
    expect(short.length).toBeLessThan(90)
    expect(await modeOf(short)).toBe(0o700)
    await releaseSocketFolder(dataDir, short)
    await expect(stat(short)).rejects.toThrow('ENOENT')
  })

  test('is short also when the temporary folder is not', () => {
    expect(shortFolder('/data', `/${'t'.repeat(120)}`)).toMatch(/^\/tmp\/bookend-[0-9a-f]{16}$/)
    expect(shortFolder('/data', '/t')).not.toBe(shortFolder('/other', '/t'))
  })

  test('refuses a stand-in that leads somewhere else (S2)', async () => {
    await using folder = await temporaryFolder()
    const dataDir = longPath(folder.path)
    await symlink(folder.path, shortFolder(dataDir))
    const prepared = prepareSocketFolder(dataDir, undefined)
    await expect(prepared).rejects.toMatchObject({ code: 'unsafe_socket_folder' })
    await releaseSocketFolder(dataDir, shortFolder(dataDir))
    expect(await modeOf(folder.path)).toBe(0o700)
  })
})
