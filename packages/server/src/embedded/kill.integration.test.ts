import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { embeddedChild } from '../testing/embedded-child.ts'
import { preparedData } from '../testing/prepared-data.ts'
import { query } from '../testing/query.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { untilPresent } from '../testing/until-present.ts'
import { findBinaryPackage, prepareBinaries } from './binaries.ts'
import { postgresFolder } from './folders.ts'
import { openLogFile } from './log-file.ts'
import { isPostmasterOf, parsePostmasterPid } from './postmaster.ts'
import { startEmbeddedPostgres } from './postgres.ts'
import { chooseRunAs } from './run-as.ts'
import { startServer } from './server-process.ts'
import { serverArguments } from './settings.ts'

const log = (): void => undefined
const settings = { fsync: 'off' }

const pidFile = (dataDir: string): string => join(postgresFolder(dataDir), 'postmaster.pid')

async function postmasterPid(dataDir: string): Promise<number> {
  const pid = parsePostmasterPid(await readFile(pidFile(dataDir), 'utf8'))
  if (pid === undefined) throw new Error('No server has written its process id')
  return pid
}

/** A server that no lock protects and no parent's death ends, as a killed process may leave it. */
async function leaveServer(dataDir: string): Promise<{ pid: number; exited: Promise<string> }> {
  const binaries = await prepareBinaries(findBinaryPackage(), dataDir)
  const chosen = await chooseRunAs(postgresFolder(dataDir))
  const setpriv = chosen.account === undefined ? undefined : { tiesToParent: false }
  const runtime = { binaries, runAs: { ...chosen, setpriv, overridesAccess: true } }
  const logFile = await openLogFile(dataDir)
  const args = serverArguments(postgresFolder(dataDir), join(dataDir, 'run'), settings)
  const server = startServer(runtime, args, logFile, undefined)
  while (!(await readFile(pidFile(dataDir), 'utf8').catch(() => '')).includes('ready')) {
    if (server.exitReason !== undefined) throw new Error(await logFile.tailSince(0))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await logFile.close()
  return { pid: server.pid ?? 0, exited: server.exited }
}

describe('after Bookend is killed', () => {
  test('every acknowledged row is there, round after round (D2, F6)', async () => {
    const dataDir = await preparedData()
    const acknowledged: number[] = []
    for (const isServerKilledToo of [false, true, false, true]) {
      await using child = embeddedChild(dataDir)
      await child.until((line) => line.kind === 'stored' && child.stored.length >= 100)
      // A killed server writes nothing more: the next start has to recover from its log.
      if (isServerKilledToo) process.kill(await postmasterPid(dataDir), 'SIGKILL')
      await child.kill()
      acknowledged.push(...child.stored)
    }
    await using postgres = await startEmbeddedPostgres({ dataDir, log })
    const rows = await query(postgres, 'SELECT id::int FROM kept')
    const kept = new Set(rows.map((row) => (row as { id: number }).id))
    expect(acknowledged.length).toBeGreaterThanOrEqual(400)
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
  })

  test('a second process meets the lock while the first lives, and not afterwards (D3)', async () => {
    const dataDir = await preparedData()
    await using child = embeddedChild(dataDir)
    await child.until((line) => line.kind === 'ready')
    const starting = startEmbeddedPostgres({ dataDir, log })
    await expect(starting).rejects.toThrow(`process ${child.pid}`)
    await expect(embeddedChild(dataDir).ended()).resolves.toContain(dataDir)
    await child.kill()
    await using postgres = await startEmbeddedPostgres({ dataDir, log })
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('in the middle of initdb, the next start begins anew (I1)', async () => {
    await using folder = await temporaryFolder()
    await using child = embeddedChild(folder.path)
    const draft = await untilPresent(folder.path, /^postgres\.init-/)
    await untilPresent(join(folder.path, draft), /^base$/)
    await child.kill()
    expect(await readdir(folder.path)).not.toContain('postgres')
    await using postgres = await startEmbeddedPostgres({ dataDir: folder.path, log, settings })
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await readdir(folder.path)).filter((name) => name.includes('init'))).toEqual([])
  })
})

describe('a server left behind', () => {
  test('is ended before a new one starts (D2)', async () => {
    const dataDir = await preparedData()
    const first = await startEmbeddedPostgres({ dataDir, log, settings })
    await first.stop()
    const left = await leaveServer(dataDir)
    const said: unknown[] = []
    await using postgres = await startEmbeddedPostgres({
      dataDir,
      log: (_, fields) => void said.push(fields),
      settings,
    })
    expect(await left.exited).toBe('exit code 0')
    expect(said[0]).toEqual({ pid: left.pid })
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(await postmasterPid(dataDir)).not.toBe(left.pid)
  })

  test('whose first process died tells the reason, and leaves room for a new one', async () => {
    const dataDir = await preparedData()
    const first = await startEmbeddedPostgres({ dataDir, log, settings })
    const died = new Promise((resolve) => first.onExit(resolve))
    process.kill(await postmasterPid(dataDir), 'SIGKILL')
    expect(await died).toBe('signal SIGKILL')
    await first.stop()
    await using second = await startEmbeddedPostgres({ dataDir, log, settings })
    expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test.runIf(process.platform === 'linux')(
    'is waited for until the last of its processes is gone',
    async () => {
      const dataDir = await preparedData()
      const first = await startEmbeddedPostgres({ dataDir, log, settings })
      const pid = await postmasterPid(dataDir)
      const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], {
        encoding: 'utf8',
      })
      const stuck = Number(children.trim().split(/\s+/)[0])
      process.kill(stuck, 'SIGSTOP')
      process.kill(pid, 'SIGKILL')
      await first.stop()
      const starting = startEmbeddedPostgres({ dataDir, log, settings })
      const logFile = join(dataDir, 'postgres.log')
      while (!(await readFile(logFile, 'utf8')).includes('pre-existing shared memory block')) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      process.kill(stuck, 'SIGCONT')
      await using second = await starting
      expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    },
  )

  test('is not confused with a process that has its id by chance (D2)', async () => {
    const dataDir = await preparedData()
    const first = await startEmbeddedPostgres({ dataDir, log, settings })
    const left = await readFile(pidFile(dataDir), 'utf8')
    await first.stop()
    const { uid, gid } = await stat(postgresFolder(dataDir))
    const identity = process.getuid?.() === uid ? {} : { uid, gid }
    const bystander = spawn('sleep', ['600'], { stdio: 'ignore', cwd: '/', ...identity })
    await once(bystander, 'spawn')
    await writeFile(pidFile(dataDir), left.replace(/^\d+/, String(bystander.pid)))
    try {
      await using second = await startEmbeddedPostgres({ dataDir, log, settings })
      expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
      expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
    } finally {
      bystander.kill('SIGKILL')
    }
  })

  test.each(['', 'junk\n'])('may leave postmaster.pid as %j', async (text) => {
    const dataDir = await preparedData()
    await writeFile(pidFile(dataDir), text)
    await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('dies with its parent where the system can arrange that', async () => {
    const dataDir = await preparedData()
    await using child = embeddedChild(dataDir)
    await child.until((line) => line.kind === 'ready')
    const pid = await postmasterPid(dataDir)
    const { setpriv } = await chooseRunAs(postgresFolder(dataDir))
    await child.kill()
    if (setpriv?.tiesToParent !== true) return
    while (await isPostmasterOf(pid, postgresFolder(dataDir))) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    await expect(stat(pidFile(dataDir))).rejects.toThrow('ENOENT')
  })
})
