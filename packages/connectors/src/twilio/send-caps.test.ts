import { ConnectorFault } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { SendCaps } from './send-caps.ts'

const limits = { per_number_a_day: 2, per_day: 3 }
const start = new Date('2026-01-05T09:00:00Z')
const later = (hours: number): Date => new Date(start.getTime() + hours * 3_600_000)
const sent = (): Promise<string> => Promise.resolve('sent')
const fails = (kind: 'unknown' | 'refused') => (): Promise<never> =>
  Promise.reject(new ConnectorFault({ kind, detail: 'x' }))

async function detailOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'ok',
    (error: unknown) => (error instanceof ConnectorFault ? error.verdict : error),
  )
}

describe('what may be sent in a day (C12)', () => {
  test('to one number is capped until the oldest is a day old', async () => {
    const caps = new SendCaps()
    for (const at of [start, later(1)]) await caps.count('+1', limits, at, sent)
    expect(await detailOf(caps.count('+1', limits, later(2), sent))).toEqual({
      kind: 'limited',
      detail: 'number_cap_reached',
      until: later(24),
    })
    expect(await detailOf(caps.count('+1', limits, later(25), sent))).toBe('ok')
  })

  test('is capped over ever new numbers too, and when all come at once (Q1)', async () => {
    const caps = new SendCaps()
    const runs = ['+1', '+2', '+3', '+4', '+5'].map((number) =>
      detailOf(caps.count(number, limits, start, sent)),
    )
    const capped = { kind: 'limited', detail: 'day_cap_reached', until: later(24) }
    expect(await Promise.all(runs)).toEqual(['ok', 'ok', 'ok', capped, capped])
  })

  test('counts what may have been sent, and not what surely was not (Q2)', async () => {
    const caps = new SendCaps()
    for (let at = 0; at < 5; at += 1) {
      await detailOf(caps.count('+1', limits, start, fails('refused')))
      await detailOf(caps.count('+1', limits, start, () => Promise.reject(new Error('dry'))))
    }
    for (let at = 0; at < 2; at += 1) {
      await detailOf(caps.count('+1', limits, start, fails('unknown')))
    }
    expect(await detailOf(caps.count('+1', limits, start, sent))).toMatchObject({ kind: 'limited' })
  })
})
