import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { badBodies, status } from '../testing/fault.ts'
import { events } from './index.ts'
import { openFakeCollector } from './testing/fake.ts'

const open = () => openBench({ connector: events, open: openFakeCollector })

describe('a message to a collector', () => {
  test('knows a caller by a hash of the number, the same in every form of it (B3)', async () => {
    await using bench = await open()
    for (const [at, phone] of ['+14155550100', 'sip:+14155550100@example.com'].entries()) {
      await bench.run('event.track', { phone, event: 'Call' }, { key: `run-${at}` })
    }
    await bench.run('event.track', { phone: '+14155550199', event: 'Call' }, { key: 'other' })
    const [first, second, other] = bench.setup.messages.map(({ anonymousId }) => anonymousId)
    expect(first).toMatch(/^[0-9a-f]{40}$/)
    expect([second === first, other === first]).toEqual([true, false])
    expect(JSON.stringify(bench.vendor.requests.map(({ text }) => text))).not.toContain('4155550')
  })

  test('is of somebody, also where the caller has no number', async () => {
    await using bench = await open()
    await bench.run('event.track', { phone: 'anonymous', event: 'Call' })
    expect(bench.setup.messages).toMatchObject([{ anonymousId: expect.stringMatching(/^bk_/) }])
    await bench.run('event.track', { user_id: 'u', phone: 'anonymous', event: 'B' }, { key: 'b' })
    expect(Object.keys(bench.setup.messages[1] ?? {})).not.toContain('anonymousId')
    expect(() => bench.run('event.track', { event: 'Call' })).toThrow('user_id or phone')
  })

  test('repeated is dropped by its id, and a run of its own is kept (B2)', async () => {
    await using bench = await open()
    const input = { user_id: 'u', events: [{ event: 'A' }, { event: 'B' }] }
    bench.vendor.failNext(badBodies.html)
    bench.vendor.failNext({ kind: 'reset', isDone: true })
    for (const key of ['one', 'one', 'one', 'two']) {
      await bench.run('event.track_many', input, { key })
    }
    expect(bench.setup.messages.map(({ event }) => event)).toEqual(['A', 'B', 'A', 'B'])
  })

  test('over the limits is refused and not sent (B1)', async () => {
    await using bench = await open()
    const big = { event: 'A', properties: { text: 'x'.repeat(33_000) } }
    const many = Array.from({ length: 100 }, () => ({
      event: 'A',
      properties: { text: 'x'.repeat(6_000) },
    }))
    for (const [action, input] of [
      ['event.track', { user_id: 'u', ...big }],
      ['event.track_many', { user_id: 'u', events: many }],
      ['person.identify', { user_id: 'u', traits: big.properties }],
    ] as const) {
      expect(await bench.run(action, input)).toMatchObject({
        verdict: { kind: 'refused', detail: 'event_too_large' },
      })
    }
    expect(bench.vendor.requests).toEqual([])
  })

  test.each([
    [400, 'refused'],
    [413, 'refused'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('answered with %i is %s', async (code, kind) => {
    await using bench = await open()
    bench.vendor.failAll(status(code))
    expect(await bench.run('event.track', { user_id: 'u', event: 'A' })).toMatchObject({
      verdict: { kind, detail: `http_${code}` },
    })
  })
})

test('a collector that takes no empty batch has heard the key', async () => {
  await using bench = await open()
  bench.vendor.failNext(status(400))
  expect(await bench.check()).toMatchObject({ kind: 'ok', output: { account: null } })
})
