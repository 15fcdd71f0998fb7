import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { writeFiles } from '../workflows/testing/files.ts'
import { loadConfig, type LoadedConfig } from './load-config.ts'

let root: TemporaryFolder

beforeEach(async () => {
  root = await temporaryFolder()
})
afterEach(() => root[Symbol.asyncDispose]())

type Env = Readonly<Record<string, string | undefined>>

async function load(text: string, env: Env = {}): Promise<LoadedConfig> {
  await writeFiles(root.path, { 'bookend.config.ts': text })
  return loadConfig({
    folder: join(root.path, 'workflows'),
    dataDir: join(root.path, 'data'),
    env,
    databaseUrl: 'postgresql://bookend@/bookend?host=/run/sockets',
  })
}

const configuring = (connections: string): string =>
  `export default ({ env, databaseUrl }) => ({ connections: { ${connections} } })`

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

describe('bookend.config.ts', () => {
  test('gives each connection its connector, with settings and auth parsed', async () => {
    const desk = `'http/desk': {
      settings: { base_url: env.DESK_URL },
      auth: { kind: 'bearer', token: env.DESK_TOKEN },
    }`
    const env = { DESK_URL: 'https://desk.example.com', DESK_TOKEN: 'desk-token' }
    expect((await load(configuring(desk), env)).connections).toEqual([
      {
        name: 'http/desk',
        connector: expect.objectContaining({ id: 'http' }),
        settings: {
          base_url: 'https://desk.example.com',
          check_path: [],
          key_header: 'Idempotency-Key',
          key_honoured: false,
        },
        auth: { kind: 'bearer', token: 'desk-token' },
      },
    ])
  })

  test('is told where Bookend’s own database is', async () => {
    const failing = load(`export default (input) => { throw new Error(Object.keys(input).join()) }`)
    expect(await messageOf(failing)).toContain('env,databaseUrl')
  })

  test('that is absent configures nothing', async () => {
    const folder = join(root.path, 'workflows')
    const options = { folder, dataDir: join(root.path, 'data'), env: {}, databaseUrl: '' }
    expect(await loadConfig(options)).toMatchObject({ connections: [], calendars: { names: [] } })
  })

  test('is refused with every fault, by connection and field, without a value (K1, K2)', async () => {
    const text = configuring(`
      'http/desk': {
        settings: { base_url: 'ftp://planted-secret' },
        auth: { kind: 'bearer', token: 'planted\\u0000secret' },
      },
      'http/other': { settings: { base_url: 'https://a.example' }, auth: 'planted-secret' },
      'http/key': { settings: { base_url: 'https://a.example' }, auth: { kind: env.KIND } },
      'pipedrive/main': { settings: {}, auth: {} },
      'constructor/main': { settings: {}, auth: {} },
      'Desk': { settings: {}, auth: {} },
    `)
    const message = await messageOf(load(text, { KIND: 'planted-secret' }))
    expect(
      message.split('\n').map((line) => line.replace(/(: settings\S+|: auth\S*).*/, '$1')),
    ).toEqual([
      'bookend.config.ts cannot be used:',
      '  http/desk: settings.base_url:',
      '  http/desk: auth.token:',
      '  http/other: auth:',
      '  http/key: auth.kind:',
      expect.stringMatching(
        /^ {2}pipedrive\/main: there is no connector "pipedrive"; there are bigquery/,
      ),
      expect.stringMatching(/^ {2}constructor\/main: there is no connector "constructor"/),
      '  "Desk" is not a name; write <connector>/<connection>',
    ])
    expect(message).not.toContain('planted')
  })

  test('gives calendars by name', async () => {
    const support = `{ zone: 'Europe/Berlin', open: { mon: ['09:00-17:00'] } }`
    const text = `export default () => ({ connections: {}, calendars: { support: ${support} } })`
    const { calendars } = await load(text)
    expect(calendars.names).toEqual(['support'])
    expect(calendars.isOpen('support', new Date('2026-11-30T08:00:00Z'))).toBe(true)
    expect(calendars.isOpen('support', new Date('2026-11-30T16:00:00Z'))).toBe(false)
  })

  test('refuses a calendar by field, beside the faults of connections (K1)', async () => {
    const text = `export default () => ({
      connections: { Desk: { settings: {}, auth: {} } },
      calendars: { support: { zone: 'Europe/Berln', open: { mon: ['9-5'] } } },
    })`
    expect((await messageOf(load(text))).split('\n').slice(1)).toEqual([
      '  "Desk" is not a name; write <connector>/<connection>',
      '  calendars.support.zone: must be a time zone, such as Europe/Berlin',
      '  calendars.support.open.mon.0: must be hours, such as 09:00-17:00',
    ])
  })

  test.each([
    ['export const config = 1', 'has no default export; write export default defineConfig('],
    ['export default () => 1', 'config: Invalid input: expected object'],
    ['export default () => ({ conections: {} })', 'Unrecognized key: "conections"'],
    ['export default {{', 'bookend.config.ts:1:17: Expected'],
    ['export default () => { throw new Error("DESK_TOKEN is not set") }', 'DESK_TOKEN is not set'],
    ['throw 7', 'threw a number'],
  ])('%s is refused with a reason', async (text, reason) => {
    expect(await messageOf(load(text))).toContain(reason)
  })

  test.each([
    `throw new Error('cannot read ' + env.KEY)`,
    `JSON.parse(env.KEY)`,
    `throw new Error('no ' + databaseUrl)`,
  ])('that fails with a credential in its hands does not tell it: %s (K2)', async (statement) => {
    const text = `export default ({ env, databaseUrl }) => { ${statement} }`
    const message = await messageOf(load(text, { KEY: 'planted-secret', SHORT: 'no' }))
    expect(message).toMatch(/cannot be used:\n {2}\S/)
    expect(message).not.toMatch(/planted|sockets/)
  })
})
