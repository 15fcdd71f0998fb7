import { ConnectorFault, phoneVariants, type FaultVerdict, type ReachPort } from '@bookend/core'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { testContext } from '../testing/context.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { falseFriends, phoneCorpus } from '../testing/phone-corpus.ts'
import { anywhere } from '../testing/reach.ts'
import { freePort } from '../testing/start-program.ts'
import { client, type RedisClient } from './client.ts'
import { redis } from './index.ts'
import { RedisSettings, type RedisAuth } from './schema.ts'
import { command, PASSWORD, READER, startRedis, type RedisServer } from './testing/server.ts'

let server: RedisServer
let proxy: FaultProxy
let sessions: RedisClient
const opened: RedisClient[] = []
const owner = { user: 'default', password: PASSWORD }

describe.skipIf(command === null)('a Redis', () => {
  beforeAll(async () => {
    server = await startRedis(command ?? '')
  })

  beforeEach(async () => {
    proxy = await startFaultProxy(server.port)
    sessions = open({})
    await server.cli('flushall')
  })

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => client.close(one)))
    await proxy[Symbol.asyncDispose]()
  })

  afterAll(() => server[Symbol.asyncDispose]())

  const settingsOf = (more: object = {}): RedisSettings =>
    RedisSettings.parse({ host: '127.0.0.1', port: proxy.port, tls: false, ...more })
  const open = (more: object, auth: RedisAuth = owner, reach = anywhere): RedisClient => {
    const own = client.open(settingsOf(more), auth, reach)
    opened.push(own)
    return own
  }
  interface Bounds {
    readonly settings?: object
    readonly client?: RedisClient
    readonly budgetMs?: number
    readonly signal?: AbortSignal
    readonly logged?: unknown[]
  }
  const context = ({ settings, ...more }: Bounds = {}) =>
    testContext({ settings: settingsOf(settings), auth: owner, client: sessions, ...more })
  const run = (name: keyof typeof redis.actions, input: object, bounds: Bounds = {}) => {
    const action = redis.actions[name] as unknown as (typeof redis.actions)['value.get']
    return action.run(context(bounds), action.input.parse(input))
  }
  const get = (key: string, bounds: Bounds = {}) => run('value.get', { key }, bounds)
  const verdictOf = async (running: Promise<unknown>): Promise<FaultVerdict | { kind: 'ok' }> => {
    try {
      await running
      return { kind: 'ok' }
    } catch (error) {
      if (!(error instanceof ConnectorFault)) throw error
      expect(JSON.stringify([error, String(error), error.stack])).not.toMatch(/hunter2|planted/)
      return error.verdict
    }
  }

  describe('a lookup', () => {
    test('gives what the server’s own client has stored (K2)', async () => {
      await server.cli('set', 'a', 'Ada 😀')
      await server.cli('set', 'b', '{"plan":"gold","id":12345678901234567890}')
      await server.cli('hset', 'h', 'name', 'Ada', 'plan', 'gold')
      await server.cli('sadd', 'vip', '+14155550100')
      expect(await get('a')).toBe('Ada 😀')
      expect(await get('none')).toBeNull()
      expect(await run('value.get', { key: 'b', as: 'json' })).toEqual({
        plan: 'gold',
        id: '12345678901234567890',
      })
      expect(await run('value.get_many', { keys: ['a', 'none', 'b'] })).toMatchObject({
        values: ['Ada 😀', null, expect.stringContaining('gold')],
      })
      expect(await run('hash.get', { key: 'h' })).toEqual({ name: 'Ada', plan: 'gold' })
      expect(await run('hash.get', { key: 'h', fields: ['none', 'plan'] })).toEqual({
        plan: 'gold',
      })
      expect(await run('hash.get', { key: 'none' })).toBeNull()
      const has = (member: string) => run('set.has', { key: 'vip', member })
      expect([await has('+14155550100'), await has('+14155550199')]).toEqual([
        { has: true },
        { has: false },
      ])
    })

    test('needs no right but to read', async () => {
      await server.cli('hset', 'h', 'a', '1')
      const reader = { client: open({}, { user: READER, password: PASSWORD }) }
      expect(await run('hash.get', { key: 'h' }, reader)).toEqual({ a: '1' })
      expect(await get('none', reader)).toBeNull()
      expect(await run('value.get_many', { keys: ['x'] }, reader)).toEqual({ values: [null] })
      expect(await run('set.has', { key: 's', member: 'x' }, reader)).toEqual({ has: false })
      expect(await run('value.find_by_phone', { phone: '+14155550100' }, reader)).toBeNull()
      expect(await redis.check?.(context(reader))).toMatchObject({ warnings: [] })
      expect(await verdictOf(run('value.set', { key: 'k', value: 1 }, reader))).toEqual({
        kind: 'refused',
        detail: 'redis_noperm',
      })
    })

    test('finds a number however it is stored whole, and no false friend (K9)', async () => {
      const find = (phone: string) => run('value.find_by_phone', { phone })
      for (const phone of phoneCorpus) {
        const friends = falseFriends(phone)
        await Promise.all(friends.map((friend) => store(`caller:${friend}`, 'friend')))
        expect([phone, await find(phone)]).toEqual([phone, null])
        for (const form of [phone, phone.slice(1)]) {
          await store(`caller:${form}`, 'own')
          expect([form, await find(phone)]).toEqual([form, 'own'])
          await run('value.delete', { key: `caller:${form}` })
        }
        await Promise.all(friends.map((friend) => run('value.delete', { key: `caller:${friend}` })))
      }
      // A national form may be another country's.
      const national = phoneVariants('+442079460018').filter((form) => /^0[^0]/.test(form))
      for (const form of national) await store(`caller:${form}`, 'somebody')
      expect(await find('+442079460018')).toBeNull()
    })

    test('asks nothing for what is no number', async () => {
      for (const phone of ['anonymous', '911', '', 'sip:ada@example.com']) {
        expect(await run('value.find_by_phone', { phone })).toBeNull()
      }
      expect(proxy.accepted()).toBe(0)
    })

    test('of bytes, of no JSON, of another type or of too much is refused (K8)', async () => {
      await run('value.set', { key: 'json', value: '{"__proto__":1}' })
      await server.cli('eval', "redis.call('set','bytes','\\255\\254')", '0')
      await server.cli('eval', "redis.call('set','big',string.rep('x',3000000))", '0')
      await server.cli('rpush', 'list', '1')
      const detailOf = async (key: string, as: string) =>
        (await verdictOf(run('value.get', { key, as }))) as { readonly detail?: string }
      expect(await detailOf('json', 'json')).toMatchObject({ detail: 'not_json' })
      expect(await detailOf('bytes', 'text')).toMatchObject({ detail: 'not_text' })
      expect(await detailOf('list', 'text')).toMatchObject({ detail: 'redis_wrongtype' })
      expect(await detailOf('big', 'text')).toMatchObject({ detail: 'answer_too_large' })
      expect(await get('none')).toBeNull()
    })

    test('of many small values is not taken for a large one', async () => {
      await run('value.set', { key: 'k', value: 'x'.repeat(100_000) })
      const all = await Promise.all(Array.from({ length: 50 }, () => get('k')))
      expect(new Set(all)).toEqual(new Set(['x'.repeat(100_000)]))
      expect(proxy.accepted()).toBe(2)
    })
  })

  const store = (key: string, value: string) => run('value.set', { key, value })

  describe('a write', () => {
    test('sets, keeps for a time, and deletes, as often as it is repeated', async () => {
      for (let times = 0; times < 2; times += 1) {
        await run('value.set', { key: 'v', value: { plan: 'gold' }, ttl_seconds: 60 })
        await run('hash.set', { key: 'h', fields: { n: 1, yes: true }, ttl_seconds: 90 })
        expect(await server.cli('get', 'v')).toBe('{"plan":"gold"}')
        expect(await server.cli('hgetall', 'h')).toBe('n\n1\nyes\ntrue')
        expect(Number(await server.cli('ttl', 'v'))).toBeGreaterThan(50)
        expect(Number(await server.cli('ttl', 'h'))).toBeGreaterThan(80)
      }
      for (let times = 0; times < 2; times += 1) {
        expect(await run('value.delete', { key: 'v' })).toEqual({ key: 'v' })
      }
      expect(await server.cli('exists', 'v')).toBe('0')
    })

    test('fifty at once for one key leave one (K14)', async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => run('hash.set', { key: 'h', fields: { n } })),
      )
      expect(await server.cli('keys', '*')).toBe('h')
      expect(await server.cli('hlen', 'h')).toBe('1')
    })

    test.each(Object.entries(hostileTexts))('holds %s as it is (K10)', async (_, text) => {
      const [prefix, key] = ['one:', text.slice(0, 1_000)]
      const settings = { key_prefix: prefix }
      await run('value.set', { key, value: text }, { settings })
      await run('hash.set', { key: 'h', fields: { [`f${key}`]: text } }, { settings })
      expect(await run('value.get', { key }, { settings })).toBe(text)
      expect(await run('hash.get', { key: 'h' }, { settings })).toEqual({ [`f${key}`]: text })
      // Nothing outside of the prefix, and nothing but the two.
      expect(await server.cli('dbsize')).toBe('2')
      expect(await server.cli('eval', "return #redis.call('keys','one:*')", '0')).toBe('2')
    })

    test('is not sent over a connection that is read-only', async () => {
      const settings = { read_only: true }
      expect(await verdictOf(run('value.set', { key: 'k', value: 1 }, { settings }))).toEqual({
        kind: 'refused',
        detail: 'read_only_connection',
      })
      expect(proxy.accepted()).toBe(0)
    })

    test('run dry shows its commands and no secret (K13)', () => {
      const { 'hash.set': action } = redis.actions
      if (action.effect === 'read') throw new Error('a read')
      const input = action.input.parse({ key: 'h', fields: { a: 1 }, ttl_seconds: 5 })
      expect(action.render?.(settingsOf({ key_prefix: 'p:' }), input, 'bk')).toEqual([
        ['HSET', 'p:h', 'a', '1'],
        ['EXPIRE', 'p:h', 5],
      ])
      expect(action.preview(input)).toEqual({ key: 'h' })
    })
  })

  describe('a session', () => {
    test('asks for the password, and the check says whose it is (K6, K11)', async () => {
      const wrong = { client: open({}, { user: 'default', password: 'hunter2' }) }
      expect(await verdictOf(get('k', wrong))).toEqual({ kind: 'auth', detail: 'redis_wrongpass' })
      expect(await verdictOf(get('k', { client: open({}, null) }))).toEqual({
        kind: 'auth',
        detail: 'redis_noauth',
      })
      expect(await redis.check?.(context())).toEqual({
        account: 'default at 127.0.0.1, database 0',
        warnings: [],
      })
    })

    test('is in its database', async () => {
      await server.cli('-n', '3', 'set', 'k', 'third')
      expect(await get('k', { client: open({ database: 3 }) })).toBe('third')
      expect(await get('k')).toBeNull()
    })

    test('is not opened to where none may be (A1–A6)', async () => {
      const nowhere: ReachPort = {
        ...anywhere,
        addressesOf: () =>
          Promise.reject(new ConnectorFault({ kind: 'refused', detail: 'blocked' })),
      }
      expect(await verdictOf(get('k', { client: open({}, owner, nowhere) }))).toEqual({
        kind: 'refused',
        detail: 'blocked',
      })
      expect(proxy.accepted()).toBe(0)
    })

    test('without TLS is refused where it is asked for', async () => {
      const strict = { client: open({ tls: true }), budgetMs: 200 }
      expect(await verdictOf(get('k', strict))).toMatchObject({
        kind: expect.stringMatching(/refused|retry/),
      })
      expect(proxy.accepted()).toBe(1)
    })

    test('with a server that is silent, or none, ends in time (K3)', async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined))
      await once(silent.listen(0, '127.0.0.1'), 'listening')
      const { port } = silent.address() as AddressInfo
      const startedAtMs = performance.now()
      const hung = verdictOf(get('k', { client: open({ port }), budgetMs: 200 }))
      expect(await hung).toEqual({ kind: 'retry', detail: 'no_session_in_time' })
      expect(performance.now() - startedAtMs).toBeLessThan(3_000)
      const none = open({ port: await freePort() })
      expect(await verdictOf(get('k', { client: none }))).toEqual({
        kind: 'retry',
        detail: 'econnrefused',
      })
      silent.close()
    })

    test('that is closed opens no more, and ends what is under way', async () => {
      proxy.blackHole()
      const opening = verdictOf(get('k'))
      await vi.waitFor(() => expect(proxy.accepted()).toBe(1))
      await client.close(sessions)
      expect(await opening).toMatchObject({ kind: 'retry' })
      expect(await verdictOf(get('k'))).toMatchObject({ kind: 'retry' })
      expect(proxy.accepted()).toBe(1)
    })

    test('that hangs costs the budget, and is replaced (L1, L2)', async () => {
      await store('k', 'v')
      expect(await get('k')).toBe('v')
      proxy.blackHole()
      expect(await verdictOf(get('k', { budgetMs: 100 }))).toEqual({
        kind: 'retry',
        detail: 'deadline',
      })
      const writing = run('value.set', { key: 'k', value: 1 }, { budgetMs: 100 })
      expect(await verdictOf(writing)).toEqual({ kind: 'unknown', detail: 'deadline' })
      proxy.heal()
      expect(await get('k')).toBe('v')
      expect(proxy.accepted()).toBe(3)
    })

    test('that is lost while idle is replaced', async () => {
      await get('k')
      proxy.reset()
      await vi.waitFor(async () => expect(await get('k')).toBeNull())
    })

    test('cut after a write leaves one when it is tried again (K4, K12)', async () => {
      await store('k', 'old')
      proxy.loseAnswerTo('new')
      const reached = proxy.passed('new')
      const writing = verdictOf(store('k', 'new'))
      await reached
      proxy.reset()
      expect(await writing).toEqual({ kind: 'unknown', detail: 'connection_lost' })
      proxy.heal()
      await store('k', 'new')
      expect(await server.cli('get', 'k')).toBe('new')
    })

    test('that an impatient step leaves is kept for the others (L2)', async () => {
      await get('k')
      proxy.loseAnswerTo('lost')
      const reached = proxy.passed('lost')
      const impatience = new AbortController()
      const leaving = verdictOf(get('lost', { signal: impatience.signal }))
      let isStaying = true
      const staying = verdictOf(get('k')).finally(() => (isStaying = false))
      await reached
      impatience.abort()
      expect(await leaving).toEqual({ kind: 'retry', detail: 'deadline' })
      proxy.heal()
      expect([await get('k'), isStaying]).toEqual([null, true])
      proxy.reset()
      expect(await staying).toEqual({ kind: 'retry', detail: 'connection_lost' })
    })
  })
})
