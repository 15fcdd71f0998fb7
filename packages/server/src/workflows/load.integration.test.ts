import type { PreCallWorkflow } from '@bookend/core'
import { createId, nameCalendars } from '@bookend/core'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { type OpenWorkflowRegistry, loadWorkflows } from './load.ts'
import { sweepModules } from './sweep-modules.ts'
import { followUp, intake, writeFiles } from './testing/files.ts'

const workspaceId = createId(new Date())
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

let root: TemporaryFolder
let server: TestDatabase
let database: Database

beforeEach(async () => {
  root = await temporaryFolder()
  server = await testDatabase()
  const client = new pg.Client(server.connection)
  await client.connect()
  await migrate(client)
  await client.query(`insert into workspaces values ($1, 'test', '')`, [workspaceId])
  await client.end()
  database = openDatabase(server.url)
})
afterEach(async () => {
  await database.close()
  await server[Symbol.asyncDispose]()
  await root[Symbol.asyncDispose]()
})

const write = (files: Readonly<Record<string, string>>): Promise<void> =>
  writeFiles(join(root.path, 'workflows'), files)

const load = (dataDir = 'data', folder = 'workflows'): Promise<OpenWorkflowRegistry> =>
  loadWorkflows({
    folder: join(root.path, folder),
    database,
    workspaceId,
    dataDir: join(root.path, dataDir),
    calendars: nameCalendars({}),
    connections: { names: () => null, check: () => undefined },
    log,
  })

const stored = (): Promise<{ name: string; version: string; manifest: object }[]> =>
  database.query(
    'select name, version, manifest from workflow_versions where workspace_id = $1 order by name',
    [workspaceId],
  )

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

describe('a folder of workflows', () => {
  test('becomes a registry, and each version a row (W2)', async () => {
    await write({
      'intake.pre-call.ts': intake(),
      'follow-up.journey.ts': followUp(),
      'rules.ts': 'export const unrelated = 1',
    })
    const registry = await load()
    expect(registry.list().map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'journey follow-up',
      'pre-call intake',
    ])
    const found = registry.preCall('intake')
    expect(found).toMatchObject({ form: 'typescript', definition: { budgetMs: 2_000 } })
    expect(registry.preCall('follow-up')).toBeNull()
    expect(registry.journeysOn('call.completed').map(({ name }) => name)).toEqual(['follow-up'])
    expect(registry.journeysOn('sms.received')).toEqual([])
    expect(await stored()).toEqual([
      {
        name: 'follow-up',
        version: registry.journeysOn('call.completed')[0]?.version,
        manifest: { on: 'call.completed', connections: {} },
      },
      {
        name: 'intake',
        version: found?.version,
        manifest: { budget_ms: 2_000, parameters: ['name'], connections: { desk: 'http/desk' } },
      },
    ])
  })

  test('works with schemas of its own copy of zod', async () => {
    await write({ 'intake.pre-call.ts': intake() })
    const definition: PreCallWorkflow | undefined = (await load()).preCall('intake')?.definition
    expect(definition?.parameters['name']?.safeParse(7).success).toBe(false)
  })

  test.each(['workflows', 'absent'])('that is empty or not there is fine (%s)', async (folder) => {
    await write({ 'readme.md': '' })
    expect((await load('data', folder)).list()).toEqual([])
  })

  test('is stored once, by however many starts at the same moment', async () => {
    const second = followUp().replace('follow-up', 'second')
    await write({ 'second.journey.ts': second, 'follow-up.journey.ts': followUp() })
    const both = await Promise.all([load('one'), load('two')])
    expect(await stored()).toHaveLength(2)
    const [first, other] = both.map((registry) => registry.list())
    expect(other).toEqual(
      first?.map((workflow) => ({ ...workflow, definition: expect.anything() })),
    )
    expect((await load('three')).list()[0]?.updatedAt).toEqual(first?.[0]?.updatedAt)
  })

  test('with unchanged files is taken from the disk; a changed import makes it anew', async () => {
    const importing = `import { on } from './event.ts'\n${followUp('one', 'on')}`
    await write({
      'follow-up.journey.ts': importing,
      'event.ts': `export const on = 'sms.received'`,
    })
    const before = (await load()).list()[0]?.version
    expect((await load()).list()[0]?.version).toBe(before)
    await write({ 'event.ts': `export const on = 'sms.expected'` })
    const after = await load()
    expect(after.journeysOn('sms.expected')).toHaveLength(1)
    expect(after.list()[0]?.version).not.toBe(before)
  })

  test('does not trust a module that was changed on the disk (M1, M2)', async () => {
    await write({ 'follow-up.journey.ts': followUp() })
    await load()
    const folder = join(root.path, 'data/workflows')
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.mjs'))
    await writeFile(join(folder, file), 'export default "mine"')
    expect((await load()).journeysOn('call.completed')).toHaveLength(1)
    expect(await readFile(join(folder, file), 'utf8')).toContain('follow-up')
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('a reload', () => {
  test('takes all files or none, and says why; who holds a list holds all of it (W1)', async () => {
    await write({ 'a.journey.ts': followUp('a').replace('follow-up', 'a') })
    await write({ 'b.journey.ts': followUp('b').replace('follow-up', 'b') })
    const registry = await load()
    const before = registry.list()
    await write({
      'a.journey.ts': followUp('changed').replace('follow-up', 'a'),
      'b.journey.ts': 'export default {{',
      'c.journey.ts': followUp('c').replace('follow-up', 'c'),
    })
    expect(await messageOf(registry.reloadFiles())).toContain('b.journey.ts:1:17: Expected')
    expect(registry.list()).toBe(before)
    await rm(join(root.path, 'workflows/b.journey.ts'))
    await registry.reloadFiles()
    expect(registry.list().map(({ name }) => name)).toEqual(['a', 'c'])
    expect(registry.find('a')?.version).not.toBe(before[0]?.version)
    expect(registry.journeysOn('call.completed')).toHaveLength(2)
    expect(before.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('that waits for the database leaves what was there, and can be asked for again (F8)', async () => {
    await write({ 'follow-up.journey.ts': followUp('one') })
    const registry = await load()
    const before = registry.list()
    await write({ 'follow-up.journey.ts': followUp('two') })
    await database.query('alter table workflow_versions rename to away')
    await expect(registry.reloadFiles()).rejects.toThrow('does not exist')
    expect(registry.list()).toBe(before)
    await database.query('alter table away rename to workflow_versions')
    await registry.reloadFiles()
    expect(registry.list()[0]?.version).not.toBe(before[0]?.version)
  })
})

describe('modules that are left over', () => {
  test('are deleted, but for those of an unfinished run and what is no version (J4)', async () => {
    await write({ 'follow-up.journey.ts': followUp('finished') })
    const finished = (await load()).list()[0]?.version ?? ''
    await write({ 'follow-up.journey.ts': followUp('sleeping') })
    const sleeping = (await load()).list()[0]?.version ?? ''
    await write({ 'follow-up.journey.ts': followUp('active') })
    const registry = await load()
    const active = registry.list()
    const folder = join(root.path, 'data/workflows')
    await writeFile(join(folder, 'config-0123456789abcdef.mjs'), '')
    for (const [version, status] of [
      [finished, 'completed'],
      [sleeping, 'waiting'],
    ]) {
      await database.query(
        `insert into runs (workspace_id, id, kind, workflow, version, status, started_at)
         values ($1, $2, 'journey', 'follow-up', $3, $4, now())`,
        [workspaceId, createId(new Date()), version, status],
      )
    }
    const dataDir = join(root.path, 'data')
    const swept = await sweepModules({ dataDir, database, workspaceId, active })
    expect(swept).toEqual([`follow-up-${finished}.mjs`])
    const left = (await readdir(folder)).filter((name) => name.endsWith('.mjs'))
    expect(new Set(left)).toEqual(
      new Set([
        'config-0123456789abcdef.mjs',
        `follow-up-${sleeping}.mjs`,
        `follow-up-${active[0]?.version}.mjs`,
      ]),
    )
    // Deleted too early, it comes back.
    const again = await load('data')
    await rm(join(folder, `follow-up-${sleeping}.mjs`))
    const found = await again.journey('follow-up', sleeping)
    await expect(found?.definition.run(Object.create(null))).resolves.toBe('sleeping')
  })
})

describe('a start', () => {
  test('is refused with every fault at once, and nothing is stored (W1)', async () => {
    const thrown = 'throw new Error("the rate table is empty")\nexport default 1'
    await write({
      'follow-up.journey.ts': followUp(),
      'empty.journey.ts': 'export const journey = 1',
      'plain.journey.ts': 'export default { name: "plain" }',
      'other.journey.ts': followUp(),
      'again.pre-call.ts': followUp(),
      'thrown.journey.ts': thrown,
      'wrong.journey.ts': `import { journey } from '@bookend/sdk'
        export default journey('wrong', { on: 'Not An Event', run: async () => null })`,
    })
    const message = await messageOf(load())
    expect(message.split('\n')).toEqual([
      'The workflows cannot be loaded:',
      '  again.pre-call.ts: defines a journey; call the file again.journey.ts',
      `  empty.journey.ts: has no default export; write export default journey('empty', { … })`,
      '  other.journey.ts: defines "follow-up"; call it "other", or the file follow-up.journey.ts',
      '  plain.journey.ts: the default export is not a workflow; make it with journey() of @bookend/sdk',
      '  thrown.journey.ts: the rate table is empty',
      '  wrong.journey.ts: Journey "wrong": "Not An Event" is not an event type, such as call.completed',
    ])
    expect(await stored()).toEqual([])
  })

  test('names two files that claim one name (W1)', async () => {
    await write({ 'intake.pre-call.ts': intake(), 'intake.journey.ts': followUp() })
    expect(await messageOf(load())).toContain(
      'intake.journey.ts and intake.pre-call.ts: two workflows cannot both be "intake"',
    )
  })

  test('names file, line and column of what cannot be compiled (W1)', async () => {
    await write({ 'a.journey.ts': 'export default\n  {{', 'b.journey.ts': 'import "./gone.ts"' })
    const message = await messageOf(load())
    expect(message).toContain('\n  a.journey.ts:2:4: Expected')
    expect(message).toContain('\n  b.journey.ts:1:8: Could not resolve "./gone.ts"')
  })
})

describe('a version that is no longer active', () => {
  test('is found again, by a process that never saw its file (J4)', async () => {
    await write({ 'follow-up.journey.ts': followUp('old') })
    const old = (await load()).list()[0]?.version ?? ''
    await write({ 'follow-up.journey.ts': followUp('new') })
    const registry = await load('another-machine')
    const current = registry.list()[0]?.version ?? ''
    expect(current).not.toBe(old)
    const [one, two] = await Promise.all([
      registry.journey('follow-up', old),
      registry.journey('follow-up', old),
    ])
    expect(two).toBe(one)
    expect(one?.version).toBe(old)
    await expect(one?.definition.run(Object.create(null))).resolves.toBe('old')
    const active = await registry.journey('follow-up', current)
    await expect(active?.definition.run(Object.create(null))).resolves.toBe('new')
  })

  test('also when its file is gone altogether (J4)', async () => {
    await write({ 'follow-up.journey.ts': followUp() })
    const old = (await load()).list()[0]?.version ?? ''
    await rm(join(root.path, 'workflows'), { recursive: true })
    expect((await load('another-machine')).list()).toEqual([])
    expect(await (await load('another-machine')).journey('follow-up', old)).not.toBeNull()
  })

  test('is not guessed at: unknown, of another kind, or no version at all', async () => {
    await write({ 'intake.pre-call.ts': intake() })
    const registry = await load()
    const version = registry.list()[0]?.version ?? ''
    expect(await registry.journey('intake', version)).toBeNull()
    expect(await registry.journey('follow-up', '0123456789abcdef')).toBeNull()
    expect(await registry.journey('../intake', version)).toBeNull()
    expect(await registry.journey('intake', '../../etc/passwd')).toBeNull()
  })

  test('is refused when its stored text is not what its version says', async () => {
    await write({ 'follow-up.journey.ts': followUp() })
    const old = (await load()).list()[0]?.version ?? ''
    await database.query(
      `update workflow_versions set bundle = 'export default 1' where workspace_id = $1`,
      [workspaceId],
    )
    await rm(join(root.path, 'workflows'), { recursive: true })
    const registry = await load('another-machine')
    expect(await messageOf(registry.journey('follow-up', old))).toContain('is damaged')
  })

  test('can be asked for again after the database was away (F7)', async () => {
    await write({ 'follow-up.journey.ts': followUp() })
    const old = (await load()).list()[0]?.version ?? ''
    await rm(join(root.path, 'workflows'), { recursive: true })
    const registry = await load('another-machine')
    await database.query('alter table workflow_versions rename to away')
    await expect(registry.journey('follow-up', old)).rejects.toThrow('does not exist')
    await database.query('alter table away rename to workflow_versions')
    expect(await registry.journey('follow-up', old)).not.toBeNull()
  })
})
