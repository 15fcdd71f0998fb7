import { ConnectorFault, type FaultVerdict, type ReachPort } from '@bookend/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testContext } from '../testing/context.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { anywhere } from '../testing/reach.ts'
import { freePort } from '../testing/start-program.ts'
import { kafka } from './index.ts'
import type { Outbox } from './outbox.ts'
import { KafkaSettings, type KafkaAuth } from './schema.ts'
import { command, startBroker, type KafkaBroker } from './testing/broker.ts'
import { nearBroker, onlyAddress } from './testing/advertise.ts'
import { startSaslGate } from './testing/sasl-gate.ts'

let broker: KafkaBroker
let proxy: FaultProxy
let outbox: Outbox
let topics = 0
let topic = ''
const opened: Outbox[] = []
const auth = { user: 'bookend', password: 'planted-secret-of-kafka' }

describe.skipIf(command === null)('a Kafka', () => {
  beforeAll(async () => {
    broker = await startBroker(command ?? '')
  })

  beforeEach(async () => {
    proxy = await startFaultProxy(broker.port, nearBroker(broker.port))
    outbox = open({})
    topics += 1
    topic = `calls-${topics}`
  })

  afterEach(async () => {
    for (const one of opened.splice(0)) one.close()
    await proxy[Symbol.asyncDispose]()
  })

  afterAll(() => broker[Symbol.asyncDispose]())

  const settingsOf = (more: object = {}): KafkaSettings =>
    KafkaSettings.parse({ brokers: [`127.0.0.1:${proxy.port}`], tls: false, ...more })
  const open = (more: object, own: KafkaAuth = null, reach = anywhere): Outbox => {
    const one = kafka.client?.open(settingsOf(more), own, reach)
    if (one === undefined) throw new Error('no client')
    opened.push(one)
    return one
  }
  interface Bounds {
    readonly signal?: AbortSignal
    readonly client?: Outbox
    readonly budgetMs?: number
    readonly key?: string
    readonly subjectKey?: string
  }
  const context = (bounds: Bounds = {}) =>
    testContext({ settings: settingsOf(), auth: null, client: outbox, ...bounds })
  const action = kafka.actions['message.produce']
  const produce = (input: object, bounds: Bounds = {}) =>
    action.run(context(bounds), action.input.parse({ topic, ...input }))
  const impatience = () => {
    const controller = new AbortController()
    return { signal: controller.signal, abort: () => controller.abort() }
  }
  const verdictOf = async (running: Promise<unknown>): Promise<FaultVerdict | { kind: 'ok' }> => {
    try {
      await running
      return { kind: 'ok' }
    } catch (error) {
      if (!(error instanceof ConnectorFault)) throw error
      expect(JSON.stringify([error, String(error), error.stack])).not.toMatch(/planted/)
      return error.verdict
    }
  }

  test('keeps what another’s client reads (K2)', async () => {
    const placed = await produce(
      { key: 'call-1', json: { seconds: 200 }, headers: { source: 'phone' } },
      { key: 'bk_1' },
    )
    expect(placed).toMatchObject({ topic, offset: '0' })
    expect(await broker.consume(topic)).toMatchObject([
      {
        partition: placed.partition,
        key: 'call-1',
        payload: '{"seconds":200}',
        headers: ['source', 'phone', 'content-type', 'application/json', 'bookend-key', 'bk_1'],
      },
    ])
    // Under a number by which a broker drops repeats.
    expect(broker.heard('InitProducerIdRequest')).toBeGreaterThan(0)
  })

  test('keeps records of one key in their order, those of a subject too (O1)', async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    await Promise.all(numbers.map((n) => produce({ key: 'call-1', text: `${n}` })))
    await Promise.all(
      [1, 2].map((n) => produce({ text: 'of a subject' }, { key: `run-${n}`, subjectKey: 's' })),
    )
    const seen = await broker.consume(topic)
    const ofCall = seen.filter(({ key }) => key === 'call-1')
    expect(ofCall.map(({ payload }) => Number(payload))).toEqual(numbers)
    expect(new Set(ofCall.map(({ partition }) => partition)).size).toBe(1)
    expect(seen.filter(({ key }) => key === 's')).toHaveLength(2)
    expect(proxy.accepted()).toBe(1)
  })

  test('carries hostile texts as they are (K10)', async () => {
    const texts = Object.values(hostileTexts)
    for (const text of texts) {
      await produce({ key: text.slice(0, 1_000), text, headers: { text: text.slice(0, 4_000) } })
    }
    const seen = await broker.consume(topic)
    expect(seen.map(({ payload }) => payload).toSorted()).toEqual(texts.toSorted())
  })

  test('carries bytes', async () => {
    await produce({ base64: 'AAEC' })
    expect(await broker.consume(topic)).toMatchObject([{ payload: '\0\x01\x02' }])
  })

  test('that numbers no producers is written to all the same', async () => {
    const plain = await startFaultProxy(broker.port)
    const before = broker.heard('InitProducerIdRequest')
    const client = open({ brokers: [`127.0.0.1:${plain.port}`] })
    expect(await produce({ text: 'plain' }, { client })).toMatchObject({ offset: '0' })
    expect(broker.heard('InitProducerIdRequest')).toBe(before)
    await plain[Symbol.asyncDispose]()
  })

  test('says which cluster it is (K6)', async () => {
    expect(await kafka.check?.(context())).toEqual({
      account: expect.stringMatching(/^anonymous at mockCluster/),
      warnings: [],
    })
  })

  describe('a record', () => {
    test('cut after it was written is written again, with the same key (K4)', async () => {
      await produce({ text: 'first' })
      proxy.loseAnswerTo('unsure')
      const reached = proxy.passed('unsure')
      const { signal, abort } = impatience()
      const writing = verdictOf(produce({ text: 'unsure' }, { key: 'bk_2', signal }))
      await reached
      abort()
      expect(await writing).toEqual({ kind: 'unknown', detail: 'deadline' })
      proxy.heal()
      await produce({ text: 'unsure' }, { key: 'bk_2' })
      await produce({ text: 'next' })
      const seen = await broker.consume(topic)
      expect(new Set(seen.map(({ payload }) => payload))).toEqual(
        new Set(['first', 'unsure', 'next']),
      )
      const unsure = seen.filter(({ payload }) => payload === 'unsure')
      expect(unsure.length).toBeLessThanOrEqual(2)
      for (const { headers } of unsure) expect(headers).toContain('bk_2')
    })

    test.each([
      ['with numbers is repeated by the producer', true, { kind: 'ok' }],
      ['without them only by the step', false, { kind: 'unknown', detail: 'connection_lost' }],
    ])('whose answer was lost, %s (W4)', async (_name, isNumbered, verdict) => {
      const own = isNumbered ? proxy : await startFaultProxy(broker.port, onlyAddress(broker.port))
      const client = open({ brokers: [`127.0.0.1:${own.port}`] })
      await produce({ text: 'first' }, { client })
      own.loseAnswerTo('lost')
      const reached = own.passed('lost')
      const writing = verdictOf(produce({ text: 'lost' }, { client }))
      await reached
      own.heal()
      own.reset()
      expect(await writing).toEqual(verdict)
      const seen = (await broker.consume(topic)).filter(({ payload }) => payload === 'lost')
      expect(seen.length).toBeLessThanOrEqual(isNumbered ? 2 : 1)
      if (!isNumbered) await own[Symbol.asyncDispose]()
    })

    test('that did not get away in time never does (K3, O3)', async () => {
      proxy.blackHole()
      const startedAtMs = performance.now()
      const late = verdictOf(produce({ text: 'late' }, { budgetMs: 200 }))
      const waiting = verdictOf(produce({ text: 'behind it' }, { budgetMs: 100 }))
      expect(await waiting).toEqual({ kind: 'retry', detail: 'no_session_in_time' })
      expect(await late).toEqual({ kind: 'retry', detail: 'deadline' })
      expect(performance.now() - startedAtMs).toBeLessThan(3_000)
      proxy.heal()
      // Its producer is there, and asks for the topic.
      const { signal, abort } = impatience()
      const asked = proxy.passed(topic)
      const left = verdictOf(produce({ text: 'left' }, { signal }))
      await asked
      abort()
      expect(await left).toEqual({ kind: 'retry', detail: 'deadline' })
      await produce({ text: 'in time' })
      expect((await broker.consume(topic)).map(({ payload }) => payload)).toEqual(['in time'])
    })

    test('has a new producer after one that was lost (O2, K12)', async () => {
      await produce({ text: 'one' })
      proxy.reset()
      const again = await verdictOf(produce({ text: 'two' }))
      if (again.kind !== 'ok') await produce({ text: 'two' })
      const seen = await broker.consume(topic)
      expect(new Set(seen.map(({ payload }) => payload))).toEqual(new Set(['one', 'two']))
    })

    test('run dry is shown with no secret (K13)', () => {
      if (action.effect !== 'write') throw new Error('a read')
      const input = action.input.parse({ topic, json: { a: 1 } })
      expect(action.render?.(settingsOf(), input, 'bk_1')).toEqual({
        topic,
        key: null,
        headers: { 'content-type': 'application/json', 'bookend-key': 'bk_1' },
        value: '{"a":1}',
      })
      expect(action.output.parse(action.preview(input))).toMatchObject({ topic })
    })
  })

  describe('a broker', () => {
    const blocked = () => Promise.reject(new ConnectorFault({ kind: 'refused', detail: 'blocked' }))

    test('is not dialled where none may be (A1–A6)', async () => {
      const client = open({}, null, { ...anywhere, addressesOf: blocked })
      expect(await verdictOf(produce({ text: 'x' }, { client }))).toEqual({
        kind: 'refused',
        detail: 'blocked',
      })
      expect(proxy.accepted()).toBe(0)
    })

    test('that another names is judged as well (A5)', async () => {
      const near = await startFaultProxy(broker.port)
      const addressesOf: ReachPort['addressesOf'] = (host, port) =>
        port === near.port ? anywhere.addressesOf(host, port) : blocked()
      const client = open({ brokers: [`127.0.0.1:${near.port}`] }, null, {
        ...anywhere,
        addressesOf,
      })
      expect(await verdictOf(produce({ text: 'x' }, { client, budgetMs: 5_000 }))).toEqual({
        kind: 'refused',
        detail: 'blocked',
      })
      await near[Symbol.asyncDispose]()
    })

    test('that is not there is tried again, and the next one is asked', async () => {
      const none = `127.0.0.1:${await freePort()}`
      const client = open({ brokers: [none] })
      expect(await verdictOf(produce({ text: 'x' }, { client, budgetMs: 5_000 }))).toEqual({
        kind: 'retry',
        detail: 'econnrefused',
      })
      const both = open({ brokers: [none, `127.0.0.1:${proxy.port}`] })
      expect(await produce({ text: 'x' }, { client: both })).toMatchObject({ topic })
    })

    test('lets in who has the password, and nobody else hears it (K6, K11)', async () => {
      const gate = await startSaslGate(broker.port, auth)
      const settings = { brokers: [`127.0.0.1:${gate.port}`], sasl: 'scram-sha-256' }
      const client = open(settings, auth)
      expect(await produce({ text: 'let in' }, { client })).toMatchObject({ offset: '0' })
      const wrong = open(settings, { ...auth, password: 'planted-and-wrong' })
      expect(await verdictOf(produce({ text: 'kept out' }, { client: wrong }))).toMatchObject({
        kind: 'auth',
      })
      expect(
        await verdictOf(produce({ text: 'x' }, { client: open(settings, null) })),
      ).toMatchObject({ kind: 'retry' })
      expect((await broker.consume(topic)).map(({ payload }) => payload)).toEqual(['let in'])
      expect(gate.heard().toString('latin1')).not.toContain('planted')
      await gate[Symbol.asyncDispose]()
    })

    test('that asks for no password is told none', async () => {
      const client = open({ sasl: 'scram-sha-256' }, auth)
      expect(await verdictOf(produce({ text: 'x' }, { client }))).toEqual({
        kind: 'refused',
        detail: 'kafka_unsupported_request',
      })
    })
  })
})
