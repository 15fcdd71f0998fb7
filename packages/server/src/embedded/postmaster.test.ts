import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { isPostmasterOf, parsePostmasterPid, splitCommand } from './postmaster.ts'

describe('postmaster.pid', () => {
  test.each([
    ['4242\n/data/postgres\n1700000000\n5432\n', 4242],
    ['-17\n/data/postgres\n', 17],
    ['', undefined],
    ['\n', undefined],
    ['0\n', undefined],
    ['12x\n', undefined],
    ['99999999999\n', undefined],
  ])('%j names process %s', (text, pid) => {
    expect(parsePostmasterPid(text)).toBe(pid)
  })
})

describe('the command line of a process', () => {
  test('is found in what ps prints, spaces in the folder included', () => {
    const line = '/opt/pg/bin/postgres -D /Users/a b/.bookend/postgres -c fsync=on -c port=5432'
    expect(splitCommand(line)).toEqual([
      '/opt/pg/bin/postgres',
      '-D',
      '/Users/a b/.bookend/postgres',
    ])
  })

  test('of another program stays in one piece', () => {
    expect(splitCommand('vim postgres -D notes')).toEqual(['vim postgres -D notes'])
  })
})

describe('a process whose id stands in postmaster.pid', () => {
  /** A process that looks like a server of `folder` without being one. */
  async function running(program: string, folder: string, cwd = '/') {
    const script = 'setInterval(() => {}, 60_000)'
    const child = spawn(process.execPath, ['-e', script, '--', '-D', folder], {
      argv0: program,
      cwd,
      stdio: 'ignore',
    })
    await once(child, 'spawn')
    return {
      pid: child.pid ?? 0,
      [Symbol.asyncDispose]: async () => {
        child.kill('SIGKILL')
        await once(child, 'exit')
      },
    }
  }

  test('is a server of the folder it was started for', async () => {
    await using server = await running('/opt/bin/postgres', '/data/postgres')
    expect(await isPostmasterOf(server.pid, '/data/postgres')).toBe(true)
  })

  test.runIf(process.platform === 'linux')(
    'is a server of the folder it works in, though that was moved since',
    async () => {
      await using folder = await temporaryFolder()
      await using server = await running('/opt/bin/postgres', '/before', folder.path)
      expect(await isPostmasterOf(server.pid, folder.path)).toBe(true)
    },
  )

  test('is none when it serves another folder', async () => {
    await using server = await running('/opt/bin/postgres', '/data/elsewhere')
    expect(await isPostmasterOf(server.pid, '/data/postgres')).toBe(false)
  })

  test('is none when it is another program', async () => {
    await using server = await running('/opt/bin/pg_backup', '/data/postgres')
    expect(await isPostmasterOf(server.pid, '/data/postgres')).toBe(false)
  })

  test('is none when it is gone', async () => {
    const child = spawn('true')
    await once(child, 'exit')
    expect(await isPostmasterOf(child.pid ?? 0, '/data/postgres')).toBe(false)
  })
})
