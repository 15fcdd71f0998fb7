import { ConnectorFault, type FaultVerdict } from '@bookend/core'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { someCall } from '../analytics/testing/call.ts'
import { testContext } from '../testing/context.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { openOutgoing, type TestOutgoing } from '../testing/outgoing.ts'
import { s3 } from './index.ts'
import { Key, S3Settings } from './schema.ts'
import { S3rver, sdk, type S3Server } from './testing/clients.ts'

const auth = { access_key_id: 'S3RVER', secret_access_key: 'S3RVER' }
const PART = 8_388_608

let folder: string
let bucket: S3Server
let port: number
let proxy: FaultProxy
let http: TestOutgoing
let source: Server
let recording: Buffer
let isRanged: boolean

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookend-s3-'))
  bucket = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: folder,
    configureBuckets: [{ name: 'calls', configs: [] }],
  })
  ;({ port } = await bucket.run())
  http = await openOutgoing()
  source = createServer((request, response) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
    if (request.url !== '/a.wav') return response.writeHead(403).end()
    if (!isRanged) return response.writeHead(200).end(recording)
    const part = recording.subarray(Number(from), Number(to) + 1)
    const last = Number(from) + part.byteLength - 1
    response.writeHead(206, {
      'content-type': 'audio/mpeg',
      'content-range': `bytes ${from}-${last}/${recording.byteLength}`,
    })
    return response.end(part)
  })
  await once(source.listen(0, '127.0.0.1'), 'listening')
})

beforeEach(async () => {
  proxy = await startFaultProxy(port)
  recording = Buffer.alloc(1_000, 'r')
  isRanged = true
})
afterEach(() => proxy[Symbol.asyncDispose]())

afterAll(async () => {
  source.close()
  await http.close()
  await bucket.close()
  await rm(folder, { recursive: true, force: true })
})

const context = (settings: object = {}, own: object = {}) =>
  testContext({
    settings: S3Settings.parse({
      endpoint: `http://127.0.0.1:${proxy.port}`,
      bucket: 'calls',
      path_style: true,
      ...settings,
    }),
    auth: { ...auth, ...own },
    client: undefined,
    http,
  })
const { actions } = s3
const put = (input: object, ctx = context()) =>
  actions['object.put'].run(ctx, actions['object.put'].input.parse(input))
const get = (key: string, ctx = context()) =>
  actions['object.get'].run(ctx, actions['object.get'].input.parse({ key }))
const head = (key: string) => actions['object.head'].run(context(), { key })
const archive = (key: string, path = '/a.wav') =>
  actions['recording.archive'].run(context(), {
    key,
    url: `http://127.0.0.1:${(source.address() as AddressInfo).port}${path}`,
  })
const verdictOf = async (running: Promise<unknown>): Promise<FaultVerdict | { kind: 'ok' }> => {
  try {
    await running
    return { kind: 'ok' }
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    return error.verdict
  }
}
const seen = async (key: string): Promise<Buffer> => (await sdk(port).get(key)).bytes

describe('objects', () => {
  test('are stored, and seen by the vendor’s own client (K2)', async () => {
    expect(await put({ key: 'a/x=1/b.json', json: { a: 'ü' } })).toEqual({
      key: 'a/x=1/b.json',
      bytes: 10,
      existed: false,
    })
    expect(String(await seen('a/x=1/b.json'))).toBe('{"a":"ü"}')
    expect((await sdk(port).get('a/x=1/b.json')).type).toBe('application/json')
  })

  test('are read: a text, bytes, their size, or none', async () => {
    await sdk(port).put('t', 'text')
    await put({ key: 'bytes', base64: 'AP8=' })
    expect(await get('t')).toMatchObject({ text: 'text', base64: null, bytes: 4 })
    expect(await get('bytes')).toMatchObject({ text: null, base64: 'AP8=' })
    expect(await head('bytes')).toMatchObject({ bytes: 2 })
    expect(await head('nothing')).toBeNull()
    expect(await verdictOf(get('nothing'))).toEqual({ kind: 'missing', detail: 'no_such_key' })
  })

  test('have keys of letters and folders, and no way out of them', () => {
    for (const key of ['../a', 'a/../b', '/a', 'a//b', 'a b', 'ü', '', '.hidden', 'a/']) {
      expect([key, Key.safeParse(key).success]).toEqual([key, false])
    }
  })

  test('of another credential or bucket are refused (K6)', async () => {
    const wrong = context({}, { access_key_id: 'NOBODY' })
    expect(await verdictOf(get('t', wrong))).toMatchObject({ kind: 'auth' })
    expect(await verdictOf(get('t', context({ bucket: 'other' })))).toEqual({
      kind: 'refused',
      detail: 'no_such_bucket',
    })
    expect(await s3.check?.(context())).toEqual({ account: 'calls', warnings: [] })
  })

  test('cut after sending may be there, and the next try stores the same (K4)', async () => {
    proxy.loseAnswerTo('PUT /calls/cut')
    const reached = proxy.passed('PUT /calls/cut')
    const writing = verdictOf(put({ key: 'cut', text: 'once' }))
    await reached
    proxy.reset()
    expect(await writing).toMatchObject({ kind: 'unknown' })
    proxy.heal()
    await vi.waitFor(() => put({ key: 'cut', text: 'once' }), { timeout: 15_000 })
    expect(String(await seen('cut'))).toBe('once')
  })
})

describe('a recording', () => {
  test('is kept', async () => {
    expect(await archive('r/one')).toEqual({ key: 'r/one', bytes: 1_000, existed: false })
    expect((await seen('r/one')).equals(recording)).toBe(true)
  })

  test('is kept in parts where it is long (R1)', async () => {
    recording = Buffer.alloc(2 * PART + 5, 'long')
    await archive('r/long')
    expect((await seen('r/long')).equals(recording)).toBe(true)
  })

  test('whose link is over, or empty, stores nothing (R3)', async () => {
    expect(await verdictOf(archive('r/none', '/gone'))).toMatchObject({ kind: 'refused' })
    recording = Buffer.alloc(0)
    isRanged = false
    expect(await verdictOf(archive('r/none'))).toEqual({
      kind: 'refused',
      detail: 'recording_empty',
    })
    recording = Buffer.alloc(PART + 1)
    expect(await verdictOf(archive('r/none'))).toEqual({
      kind: 'refused',
      detail: 'source_gives_no_parts',
    })
    expect(await head('r/none')).toBeNull()
  })
})

test('a call is one line of JSON below its day, however often it is written', async () => {
  const action = actions['analytics.write']
  const input = action.input.parse({ call: someCall, leave_out: ['summary'] })
  await action.run(context(), input)
  await action.run(context(), input)
  const text = String(await seen(`calls/dt=2026-02-28/${someCall.uuid}.ndjson`))
  expect(text.split('\n')).toHaveLength(2)
  expect(JSON.parse(text)).toMatchObject({
    call_id: someCall.uuid,
    sentiment: 'negative',
    tags: ['upset'],
    param_orders: 2,
    unfit: null,
  })
  expect(text).not.toContain('summary')
})
