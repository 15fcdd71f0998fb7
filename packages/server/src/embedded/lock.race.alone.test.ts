import type * as FileSystem from 'node:fs/promises'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { lockDataDir } from './lock.ts'

/** Run once each, at the moment in which the contender under test is overtaken. */
const before = vi.hoisted(() => ({
  draft: undefined as (() => Promise<void>) | undefined,
  rename: undefined as (() => Promise<void>) | undefined,
}))

vi.mock('node:fs/promises', async (load) => {
  const original = await load<typeof FileSystem>()
  const interfere = async (moment: keyof typeof before): Promise<void> => {
    const { [moment]: interference } = before
    before[moment] = undefined
    await interference?.()
  }
  return {
    ...original,
    mkdir: async (path: string, options: object) => {
      if (path.includes('draft-')) await interfere('draft')
      return await original.mkdir(path, options)
    },
    rename: async (from: string, to: string) => {
      await interfere('rename')
      await original.rename(from, to)
    },
  }
})

test('a contender that was late withdraws from a generation that is no longer the highest (L2)', async () => {
  await using folder = await temporaryFolder()
  let owner: AsyncDisposable | undefined
  before.draft = async () => {
    // Meanwhile one owner came and went, and the next one has swept its generation away.
    const earlier = await lockDataDir(folder.path)
    await earlier[Symbol.asyncDispose]()
    owner = await lockDataDir(folder.path)
    expect(await readdir(join(folder.path, 'lock'))).toEqual(['2'])
  }
  await expect(lockDataDir(folder.path)).rejects.toMatchObject({ code: 'data_dir_locked' })
  await owner?.[Symbol.asyncDispose]()
})

test('a contender whose draft was swept away finds the owner that did it', async () => {
  await using folder = await temporaryFolder()
  let owner: AsyncDisposable | undefined
  before.rename = async () => {
    owner = await lockDataDir(folder.path)
  }
  await expect(lockDataDir(folder.path)).rejects.toMatchObject({ code: 'data_dir_locked' })
  await owner?.[Symbol.asyncDispose]()
})
