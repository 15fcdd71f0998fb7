import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { openLogFile } from './log-file.ts'

describe('the log file of the database', () => {
  test('is for its owner only', async () => {
    await using folder = await temporaryFolder()
    const log = await openLogFile(folder.path)
    expect((await stat(log.path)).mode & 0o777).toBe(0o600)
    await log.close()
  })

  test('goes on where it was, and shows what came since', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'postgres.log'), 'earlier\n')
    const log = await openLogFile(folder.path)
    const size = await log.size()
    await log.handle.write('now\nthen\n')
    expect(await log.tailSince(size)).toBe('now\nthen')
    expect(await readFile(log.path, 'utf8')).toBe('earlier\nnow\nthen\n')
    await log.close()
  })

  test('shows the last lines of a long one', async () => {
    await using folder = await temporaryFolder()
    const log = await openLogFile(folder.path)
    await log.handle.write('x'.repeat(99).concat('\n').repeat(1_000).concat('last\n'))
    const lines = (await log.tailSince(0)).split('\n')
    expect(lines).toHaveLength(12)
    expect(lines.at(-1)).toBe('last')
    await log.close()
  })

  test('begins anew past 10 MB, and keeps one before it', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'postgres.log')
    await writeFile(path, '')
    await truncate(path, 10 * 1024 * 1024 + 1)
    const log = await openLogFile(folder.path)
    expect(await log.size()).toBe(0)
    expect((await stat(`${path}.1`)).size).toBeGreaterThan(10 * 1024 * 1024)
    await log.close()
  })
})
