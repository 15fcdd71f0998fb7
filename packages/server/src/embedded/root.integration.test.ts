import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { embeddedChild } from '../testing/embedded-child.ts'
import { preparedData } from '../testing/prepared-data.ts'
import { query } from '../testing/query.ts'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { startEmbeddedPostgres } from './postgres.ts'

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0
const log = (): void => undefined
const settings = { fsync: 'off' }
const nobody = 65_534

/** What the kernel says about the running server. */
async function serverIdentity(dataDir: string): Promise<{ uid: number; capabilities: bigint }> {
  const pid = Number.parseInt(await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10)
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): string =>
    new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? ''
  const [effective, permitted] = [field('CapEff'), field('CapPrm')]
  return {
    uid: Number(field('Uid')),
    capabilities: BigInt(`0x${effective}`) | BigInt(`0x${permitted}`),
  }
}

const DAC_OVERRIDE = 1n << 1n

/** A folder that other accounts can pass through, so that only what lies in it decides. */
async function openFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder()
  chmodSync(folder.path, 0o755)
  return folder
}

describe.runIf(isLinuxRoot)('a Bookend started as root', () => {
  test('runs PostgreSQL as another account, without any capability (R1, R2, D5)', async () => {
    await using folder = await openFolder()
    const dataDir = join(folder.path, 'data')
    await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    const { uid, capabilities } = await serverIdentity(dataDir)
    expect(uid).toBeGreaterThan(0)
    expect(capabilities).toBe(0n)
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('keeps its data folder, which the account may pass through and nothing else', async () => {
    await using folder = await openFolder()
    const dataDir = join(folder.path, 'data')
    await mkdir(dataDir, { mode: 0o700 })
    await using _postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    const { uid, mode } = await stat(dataDir)
    expect([uid, mode & 0o777]).toEqual([0, 0o710])
    expect((await serverIdentity(dataDir)).capabilities).toBe(0n)
  })

  test('works below a closed folder, by the one capability that needs (R2)', async () => {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'data')
    expect(statSync(folder.path).mode & 0o777).toBe(0o700)
    await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    const { uid, capabilities } = await serverIdentity(dataDir)
    expect(uid).toBeGreaterThan(0)
    expect(capabilities).toBe(DAC_OVERRIDE)
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    // What the capability must not break: data is written and read back by the same account.
    await query(postgres, 'CREATE TABLE kept AS SELECT 1 AS one')
    expect(await query(postgres, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
  })

  test('works when the programs lie below a closed folder as well (R2)', async () => {
    await using folder = await temporaryFolder()
    const repositoryAt = join(folder.path, 'bookend')
    mkdirSync(repositoryAt)
    const dataDir = join(folder.path, 'data')
    await using child = embeddedChild(dataDir, { repositoryAt })
    await child.until((line) => line.kind === 'stored')
    const { uid, capabilities } = await serverIdentity(dataDir)
    expect(uid).toBeGreaterThan(0)
    expect(capabilities).toBe(DAC_OVERRIDE)
  })

  test('works with a socket in the stand-in folder for a long path (S2)', async () => {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'long'.repeat(40))
    await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    const { uid, mode } = await stat(postgres.connection.host)
    expect([uid, mode & 0o777]).toEqual([(await serverIdentity(dataDir)).uid, 0o700])
  })

  test('takes over data that was restored as root', async () => {
    const dataDir = await preparedData()
    execFileSync('chown', ['-R', '0:0', join(dataDir, 'postgres')])
    await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('is told what to install when setpriv is missing, before anything is made (R1)', async () => {
    await using folder = await temporaryFolder()
    vi.stubEnv('PATH', folder.path)
    try {
      const starting = startEmbeddedPostgres({ dataDir: folder.path, log })
      await expect(starting).rejects.toMatchObject({ code: 'setpriv_missing' })
      await expect(starting).rejects.toThrow(/util-linux.*DATABASE_URL/)
      expect(readdirSync(folder.path)).toEqual(['lock'])
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('leaves data to the account that has it', async () => {
    const dataDir = await preparedData()
    execFileSync('chown', ['-R', `${nobody}:${nobody}`, join(dataDir, 'postgres')])
    await using _postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    expect((await serverIdentity(dataDir)).uid).toBe(nobody)
  })
})

describe.runIf(isLinuxRoot)('a Bookend started by an ordinary user', () => {
  test('runs PostgreSQL as that user', async () => {
    await using folder = await openFolder()
    const dataDir = join(folder.path, 'data')
    await mkdir(dataDir)
    chownSync(dataDir, nobody, nobody)
    await using child = embeddedChild(dataDir, { uid: nobody })
    expect(await child.until((line) => line.kind === 'ready')).toMatchObject({ uid: nobody })
    expect(await serverIdentity(dataDir)).toEqual({ uid: nobody, capabilities: 0n })
    await child.kill()
    // Its next start finds everything still its own.
    await using again = embeddedChild(dataDir, { uid: nobody })
    await again.until((line) => line.kind === 'stored')
  })

  test('is told which folder it may not use', async () => {
    await using folder = await openFolder()
    const dataDir = join(folder.path, 'data')
    await mkdir(dataDir, { mode: 0o755 })
    await using child = embeddedChild(dataDir, { uid: nobody })
    expect(await child.ended()).toMatch(
      /No permission to use .*data.*BOOKEND_DATA_DIR.*DATABASE_URL/,
    )
  })
})

describe.runIf(isLinuxRoot)('a full disk', () => {
  test('is named at the first start, which succeeds once there is room (F9)', async () => {
    await using folder = await temporaryFolder()
    const disk = join(folder.path, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', disk])
    try {
      const dataDir = join(disk, 'data')
      const starting = startEmbeddedPostgres({ dataDir, log, settings })
      await expect(starting).rejects.toMatchObject({ code: 'disk_full' })
      await expect(starting).rejects.toThrow(dataDir)
      execFileSync('mount', ['-o', 'remount,size=200m', disk])
      await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
      expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    } finally {
      execFileSync('umount', [disk])
      rmSync(disk, { recursive: true })
    }
  })
})
