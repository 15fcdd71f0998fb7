import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { preparedData } from '../testing/prepared-data.ts'
import { query } from '../testing/query.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { untilPresent } from '../testing/until-present.ts'
import { shortFolder } from './folders.ts'
import { startEmbeddedPostgres } from './postgres.ts'

const log = (): void => undefined

async function postmasterPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10)
}

describe('the embedded PostgreSQL', () => {
  test('starts in an empty folder, and again with what was stored (D2)', async () => {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'data')
    const said: unknown[] = []
    const options = {
      dataDir,
      log: (message: string, fields: unknown) => void said.push([message, fields]),
    }
    const first = await startEmbeddedPostgres(options)
    await query(first, 'CREATE TABLE calls (name text)')
    await query(first, 'INSERT INTO calls VALUES ($1)', ['Zoë ☎'])
    await first.stop()

    await using second = await startEmbeddedPostgres(options)
    expect(await query(second, 'SELECT name FROM calls')).toEqual([{ name: 'Zoë ☎' }])
    expect(said).toEqual([
      ['embedded PostgreSQL is ready', expect.objectContaining({ dataDir, isNew: true })],
      ['embedded PostgreSQL is ready', expect.objectContaining({ dataDir, isNew: false })],
    ])
    const locale = `SELECT datname, pg_encoding_to_char(encoding) AS encoding, datlocale
                    FROM pg_database WHERE datname = current_database()`
    expect(await query(second, locale)).toEqual([
      { datname: 'bookend', encoding: 'UTF8', datlocale: 'C.UTF-8' },
    ])
    expect(await query(second, "SELECT upper('zoë') AS name")).toEqual([{ name: 'ZOË' }])
  })

  test('has no TCP port, even when a setting asks for one (D1)', async () => {
    const dataDir = await preparedData()
    const settings = { listen_addresses: '*', fsync: 'off' }
    await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    const setting = "SELECT setting FROM pg_settings WHERE name = 'listen_addresses'"
    expect(await query(postgres, setting)).toEqual([{ setting: '' }])
    expect((await stat(join(dataDir, 'run'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700)
  })

  test.runIf(process.platform === 'linux')(
    'listens, as the kernel sees it, on one unix socket and nothing else (D1)',
    async () => {
      const dataDir = await preparedData()
      await using _postgres = await startEmbeddedPostgres({ dataDir, log })
      expect(await listeningSockets(await postmasterPid(dataDir))).toEqual(['unix'])
    },
  )

  test('tells its log nothing of statements and rows (D6)', async () => {
    const dataDir = await preparedData()
    const settings = { fsync: 'off' }
    await using postgres = await startEmbeddedPostgres({ dataDir, log, settings })
    await query(postgres, 'CREATE TABLE people (phone text UNIQUE)')
    const insert = 'INSERT INTO people VALUES ($1)'
    await query(postgres, insert, ['+14155550100'])
    await expect(query(postgres, insert, ['+14155550100'])).rejects.toMatchObject({ code: '23505' })
    await expect(query(postgres, "SELECT 'secret'::int")).rejects.toMatchObject({ code: '22P02' })
    const text = await readFile(join(dataDir, 'postgres.log'), 'utf8')
    expect(text).toContain('ready to accept connections')
    expect(text).not.toMatch(/4155550100|secret|people|SELECT/)
  })

  test('serves one process: the second is told which folder is in use (D3)', async () => {
    const dataDir = await preparedData()
    const options = { dataDir, log, settings: { fsync: 'off' } }
    await using first = await startEmbeddedPostgres(options)
    const pid = await postmasterPid(dataDir)
    const second = startEmbeddedPostgres(options)
    await expect(second).rejects.toMatchObject({ code: 'data_dir_locked' })
    await expect(second).rejects.toThrow(dataDir)
    expect(await query(first, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(await postmasterPid(dataDir)).toBe(pid)
  })

  test('works where the path is too long for a socket, and where it holds odd characters', async () => {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'odd, "name" % é', 'long'.repeat(40))
    const options = { dataDir, log, settings: { fsync: 'off' } }
    const first = await startEmbeddedPostgres(options)
    const socketFolder = first.connection.host
    expect(socketFolder.startsWith(folder.path)).toBe(false)
    expect((await stat(socketFolder)).mode & 0o777).toBe(0o700)
    await query(first, 'CREATE TABLE kept ()')
    await first.stop()
    await expect(stat(socketFolder)).rejects.toThrow('ENOENT')
    await using second = await startEmbeddedPostgres(options)
    expect(await query(second, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }])
  })

  test('leaves no stand-in folder behind when it cannot start', async () => {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'long'.repeat(40))
    await mkdir(join(dataDir, 'postgres'), { recursive: true })
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '9\n')
    await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow('PostgreSQL 9')
    await expect(stat(shortFolder(dataDir))).rejects.toThrow('ENOENT')
  })

  test('works in a data folder whose name holds odd characters', async () => {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'a, "b" % é\\c')
    const options = { dataDir, log, settings: { fsync: 'off' } }
    await using postgres = await startEmbeddedPostgres(options)
    expect(postgres.connection.host).toBe(join(dataDir, 'run'))
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('stops as often as it is asked to, and cuts off clients that stay', async () => {
    const dataDir = await preparedData()
    const options = { dataDir, log, settings: { fsync: 'off' } }
    const postgres = await startEmbeddedPostgres(options)
    const exits: string[] = []
    postgres.onExit((reason) => exits.push(reason))
    const client = new pg.Client(postgres.connection)
    const isCut = new Promise((resolve) => client.on('error', resolve))
    await client.connect()
    await Promise.all([postgres.stop(), postgres.stop(), isCut])
    await postgres.stop()
    expect(exits).toEqual([])
    await expect(stat(join(dataDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT')
  })

  test('gives up starting on demand, and leaves no half-made database behind (I1)', async () => {
    await using folder = await temporaryFolder()
    const abort = new AbortController()
    const options = { dataDir: folder.path, log, signal: abort.signal }
    const starting = startEmbeddedPostgres(options)
    starting.catch(() => undefined)
    await untilPresent(folder.path, /^postgres\.init-/)
    abort.abort(new Error('enough'))
    await expect(starting).rejects.toThrow('enough')
    expect(await readdir(folder.path)).not.toContain('postgres')
    await expect(startEmbeddedPostgres(options)).rejects.toThrow('enough')

    await using postgres = await startEmbeddedPostgres({ dataDir: folder.path, log })
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('is not led astray by the environment of whoever starts Bookend', async () => {
    const dataDir = await preparedData()
    vi.stubEnv('PGSSLMODE', 'require')
    vi.stubEnv('PGPORT', '1')
    vi.stubEnv('PGDATA', '/nonexistent')
    vi.stubEnv('PGOPTIONS', '-c search_path=nowhere')
    vi.stubEnv('TZ', 'Asia/Kathmandu')
    try {
      await using postgres = await startEmbeddedPostgres({ dataDir, log })
      const pool = new pg.Pool(postgres.connection)
      const { rows } = await pool.query("SELECT current_setting('timezone') AS zone")
      await pool.end()
      expect(rows).toEqual([{ zone: 'UTC' }])
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('is out of reach of a Ctrl-C that is meant for Bookend', async () => {
    const dataDir = await preparedData()
    await using _postgres = await startEmbeddedPostgres({ dataDir, log })
    const pid = await postmasterPid(dataDir)
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' })
    expect(Number(group)).toBe(pid)
  })

  test('passes on what the server said when a setting is refused', async () => {
    const dataDir = await preparedData()
    const options = { dataDir, log, settings: { fsync: 'off' } }
    const settings = { fsync: 'off', shared_buffers: 'plenty' }
    const starting = startEmbeddedPostgres({ ...options, settings })
    await expect(starting).rejects.toMatchObject({ code: 'start_failed' })
    await expect(starting).rejects.toThrow(/postgres\.log says:\n.*shared_buffers.*plenty/s)
    await using postgres = await startEmbeddedPostgres(options)
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})

describe('data that the embedded PostgreSQL cannot use', () => {
  test('made by another major version is named and left untouched (D4, I2)', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'postgres'))
    await writeFile(join(folder.path, 'postgres', 'PG_VERSION'), '16\n')
    const starting = startEmbeddedPostgres({ dataDir: folder.path, log })
    await expect(starting).rejects.toMatchObject({ code: 'other_major_version' })
    await expect(starting).rejects.toThrow(/made by PostgreSQL 16.*brings PostgreSQL 17.*pg_dump/)
    expect(await readdir(join(folder.path, 'postgres'))).toEqual(['PG_VERSION'])
  })

  test('without a version is left untouched, while an empty folder is used (D4, I2)', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'postgres'))
    await writeFile(join(folder.path, 'postgres', 'precious'), 'mine')
    const options = { dataDir: folder.path, log, settings: { fsync: 'off' } }
    await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({ code: 'foreign_data' })
    expect(await readFile(join(folder.path, 'postgres', 'precious'), 'utf8')).toBe('mine')
    await rm(join(folder.path, 'postgres', 'precious'))
    await using postgres = await startEmbeddedPostgres(options)
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})

/** The kinds of socket on which a process listens, from the kernel's own tables. */
async function listeningSockets(pid: number): Promise<string[]> {
  const fds = await readdir(`/proc/${pid}/fd`)
  const links = await Promise.all(
    fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  )
  const own = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]))
  own.delete(undefined)
  const tables = [
    { kind: 'tcp', state: 3, listening: '0A', inode: 9 },
    { kind: 'tcp6', state: 3, listening: '0A', inode: 9 },
    { kind: 'unix', state: 3, listening: '00010000', inode: 6 },
  ]
  const found = tables.map(async ({ kind, state, listening, inode }) => {
    const text = await readFile(`/proc/net/${kind}`, 'utf8').catch(() => '')
    const rows = text.split('\n').map((line) => line.trim().split(/\s+/))
    return rows.filter((row) => row[state] === listening && own.has(row[inode])).map(() => kind)
  })
  return (await Promise.all(found)).flat()
}
