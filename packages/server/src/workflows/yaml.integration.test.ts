import { http } from '@bookend/connectors'
import { createId, type JourneyContext, nameCalendars, runPreCall } from '@bookend/core'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openConnections } from '../connections/runtime.ts'
import { testClient } from '../outgoing/testing/client.ts'
import { serveHttp } from '../outgoing/testing/servers.ts'
import { openDatabase, type Database } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { systemClock } from '../system-clock.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { type OpenWorkflowRegistry, loadWorkflows } from './load.ts'
import { followUp, writeFiles } from './testing/files.ts'

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

const load = (dataDir = 'data'): Promise<OpenWorkflowRegistry> =>
  loadWorkflows({
    folder: join(root.path, 'workflows'),
    database,
    workspaceId,
    dataDir: join(root.path, dataDir),
    calendars: nameCalendars({}),
    connections: { names: () => null, check: () => undefined },
    log,
  })

const INTAKE = `workflow: intake
on: pre-call
budget: 2s
connections: { desk: http/desk }
parameters:
  name: { type: string, default: there }
  vip: { type: boolean, default: false }
steps:
  caller:
    use: desk.request.get
    with: { path: [callers, "\${{ call.from_number }}"] }
    timeout: 1s
  vip: { value: '\${{ "vip" in steps.caller.body.tags }}' }
respond:
  parameters:
    name: \${{ steps.caller.body.name }}
    vip: \${{ steps.vip }}
`

const AFTER = (note: string): string => `workflow: after
on: call.completed
key: \${{ call.from_number }}
connections: { desk: http/desk }
steps:
  note: { use: desk.request.send, with: { body: { note: "${note}" } } }
`

const stored = (): Promise<readonly object[]> =>
  database.query(
    'select name, kind, form, manifest from workflow_versions where workspace_id = $1 order by name',
    [workspaceId],
  )

describe('workflows in YAML', () => {
  test('stand beside those in TypeScript, and each version is a row (W2)', async () => {
    await write({
      'intake.pre-call.yaml': INTAKE,
      'after.journey.yaml': AFTER('a'),
      'follow-up.journey.ts': followUp(),
    })
    const registry = await load()
    expect(registry.list().map(({ name, form, kind }) => [name, form, kind])).toEqual([
      ['after', 'yaml', 'journey'],
      ['follow-up', 'typescript', 'journey'],
      ['intake', 'yaml', 'pre-call'],
    ])
    expect(registry.journeysOn('call.completed').map(({ name }) => name)).toEqual([
      'after',
      'follow-up',
    ])
    const connections = { desk: 'http/desk' }
    expect(await stored()).toEqual([
      {
        name: 'after',
        kind: 'journey',
        form: 'yaml',
        manifest: { on: 'call.completed', connections },
      },
      { name: 'follow-up', kind: 'journey', form: 'typescript', manifest: expect.anything() },
      {
        name: 'intake',
        kind: 'pre-call',
        form: 'yaml',
        manifest: { budget_ms: 2_000, parameters: ['name', 'vip'], connections },
      },
    ])
  })

  test('ask a real service, and answer with what it said', async () => {
    await using service = await serveHttp((request, response) => {
      response.end(JSON.stringify({ name: 'Ada', tags: ['vip'], asked: request.url }))
    })
    await using outgoing = testClient()
    const runtime = openConnections({
      configured: [
        {
          name: 'http/desk',
          connector: http,
          settings: http.settings.parse({ base_url: service.url }),
          auth: { kind: 'none' },
        },
      ],
      outgoing,
      clock: systemClock,
      log,
    })
    await write({ 'intake.pre-call.yaml': INTAKE })
    const definition = (await load()).preCall('intake')?.definition
    if (definition === undefined) throw new Error('it is loaded')
    const { status, parameters, steps } = await runPreCall(definition, {
      request: {
        call: {
          from_number: '+15550100001',
          to_number: '+15550100900',
          direction: 'inbound',
          timestamp: '2026-11-26T12:00:00Z',
        },
        agent: { id: 'a', name: 'A' },
      },
      clock: systemClock,
      budgetMs: 5_000,
      connections: runtime.handlesFor(definition.connections, 'reads'),
      enter: (step, run) => runtime.enter(step, run),
    })
    await runtime.close()
    expect([status, parameters]).toEqual(['answered', { name: 'Ada', vip: true }])
    expect(steps).toMatchObject([
      {
        name: 'caller',
        status: 'ok',
        output: { status: 200, body: { asked: '/callers/%2B15550100001' } },
        uses: [{ connection: 'http/desk', action: 'request.get' }],
      },
    ])
  })

  test('are the same version whatever their line ends, and another for another text (L1)', async () => {
    const versionOf = async (text: string): Promise<string | undefined> => {
      await write({ 'after.journey.yaml': text })
      return (await load()).list()[0]?.version
    }
    const first = await versionOf(AFTER('a'))
    expect(await versionOf(`\uFEFF${AFTER('a').replaceAll('\n', '\r\n')}`)).toBe(first)
    expect(await versionOf(AFTER('b'))).not.toBe(first)
  })

  test('keep their old versions, for a process that never saw the file (J4)', async () => {
    await write({ 'after.journey.yaml': AFTER('old') })
    const old = (await load()).list()[0]?.version ?? ''
    await rm(join(root.path, 'workflows'), { recursive: true })
    const registry = await load('another-machine')
    const found = await registry.journey('after', old)
    expect(found).toMatchObject({
      form: 'yaml',
      version: old,
      definition: { on: 'call.completed' },
    })
    const bodies: unknown[] = []
    const context: Partial<JourneyContext> = {
      runId: 'r',
      event: { event_id: 'e', event_type: 'call.completed', created_at: '', payload: {} },
      call: null,
      step: async (_, run) => run({ signal: AbortSignal.abort(), attempt: 1, key: 'k' }),
      sleep: async () => undefined,
      connections: { desk: { request: { send: async (input: unknown) => bodies.push(input) } } },
    }
    await found?.definition.run(context as JourneyContext)
    expect(bodies).toEqual([{ body: { note: 'old' } }])
  })

  test('of a form that this server does not read are refused, not guessed at (L2)', async () => {
    await write({ 'after.journey.yaml': AFTER('old') })
    await load()
    const bundle = '# bookend yaml 99\nworkflow: after\n'
    const { createHash } = await import('node:crypto')
    const version = createHash('sha256').update(bundle).digest('hex').slice(0, 16)
    await database.query(
      'update workflow_versions set bundle = $2, version = $3 where workspace_id = $1',
      [workspaceId, bundle, version],
    )
    await rm(join(root.path, 'workflows'), { recursive: true })
    const registry = await load('another-machine')
    await expect(registry.journey('after', version)).rejects.toThrow('is in form 99')
  })

  test('refuse a start with every problem of every file, and nothing is stored (W1)', async () => {
    await write({
      'after.journey.yaml': AFTER('${{ call.form_number }}').replace(
        'request.send',
        'request.sent',
      ),
      'intake.pre-call.yaml': INTAKE.replace('timeout: 1s', 'timeuot: 1s'),
      'big.journey.yaml': `# ${'x'.repeat(5_000_000)}`,
      'follow-up.journey.ts': followUp('one', `'sms.received'`).replace('follow-up', 'other'),
    })
    const message = await load().then(
      () => '',
      (error: unknown) => String(error),
    )
    expect(message.split('\n').slice(1)).toEqual([
      '  after.journey.yaml:6:21 steps.note.use: http has no action "request.sent" (did you mean "request.send"?)',
      '  after.journey.yaml:6:62 steps.note.with.body.note: there is no field "form_number" (did you mean "from_number"?)',
      '  big.journey.yaml:1:1 the file is larger than 256 KiB',
      '  follow-up.journey.ts: defines "other"; call it "follow-up", or the file other.journey.ts',
      '  intake.pre-call.yaml:12:5 steps.caller.timeuot: there is no field "timeuot" in a step (did you mean "timeout"?)',
    ])
    expect(await stored()).toEqual([])
  })

  test('are not overlooked under another ending', async () => {
    await write({ 'after.journey.yml': AFTER('a') })
    await expect(load()).rejects.toThrow('after.journey.yml: call the file after.journey.yaml')
  })
})
