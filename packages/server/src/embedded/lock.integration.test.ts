import { chmod, mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { lockDataDir } from './lock.ts'

const isFulfilled = <T>(result: PromiseSettledResult<T>): result is PromiseFulfilledResult<T> =>
  result.status === 'fulfilled'

describe('the lock of a data folder', () => {
  test('is refused while it is held, with the folder and the owner named (D3)', async () => {
    await using folder = await temporaryFolder()
    await using _held = await lockDataDir(folder.path)
    const second = lockDataDir(folder.path)
    await expect(second).rejects.toMatchObject({ code: 'data_dir_locked' })
    await expect(second).rejects.toThrow(folder.path)
    await expect(second).rejects.toThrow(`process ${process.pid}`)
  })

  test('is the same lock through every path to the folder', async () => {
    await using folder = await temporaryFolder()
    const data = join(folder.path, 'data')
    await using _held = await lockDataDir(data)
    await symlink(data, join(folder.path, 'alias'))
    await expect(lockDataDir(join(folder.path, 'alias'))).rejects.toThrow(await realpath(data))
  })

  test('is free again after disposal, any number of times', async () => {
    await using folder = await temporaryFolder()
    for (let round = 0; round < 5; round += 1) {
      const lock = await lockDataDir(folder.path)
      await lock[Symbol.asyncDispose]()
    }
    expect(await readdir(join(folder.path, 'lock'))).toEqual(['5'])
  })

  test('goes to exactly one of many who want it at once (L1, L2)', async () => {
    await using folder = await temporaryFolder()
    for (let round = 0; round < 10; round += 1) {
      const contenders = Array.from({ length: 20 }, () => lockDataDir(folder.path))
      const winners = (await Promise.allSettled(contenders)).filter(isFulfilled)
      expect(winners).toHaveLength(1)
      for (const { value } of winners) await value[Symbol.asyncDispose]()
    }
  })

  test('is not held by a socket nobody listens on, nor by a folder without one', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'lock', '7'), { recursive: true })
    await mkdir(join(folder.path, 'lock', 'draft-of-a-dead-process'))
    await writeFile(join(folder.path, 'lock', '7', 'socket'), '')
    await using _lock = await lockDataDir(folder.path)
    expect(await readdir(join(folder.path, 'lock'))).toEqual(['8'])
  })

  test.runIf(process.platform === 'linux')(
    'works under a path that is too long for a socket',
    async () => {
      await using folder = await temporaryFolder()
      const data = join(folder.path, ...Array.from({ length: 6 }, () => 'long'.repeat(10)))
      await using _held = await lockDataDir(data)
      await expect(lockDataDir(data)).rejects.toMatchObject({ code: 'data_dir_locked' })
    },
  )

  test.skipIf(process.getuid?.() === 0)('says when the folder may not be written', async () => {
    await using folder = await temporaryFolder()
    await chmod(folder.path, 0o500)
    await expect(lockDataDir(folder.path)).rejects.toMatchObject({ code: 'permission_denied' })
    await chmod(folder.path, 0o700)
  })
})
