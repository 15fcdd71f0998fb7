import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import { canLook, createPromptClaims } from './prompt-claims.ts'

function open() {
  const clock = fakeClock()
  const looks: string[] = []
  const warnings: string[] = []
  const ends: ((isFull?: boolean) => void)[] = []
  let fault: Error | null = null
  const claims = createPromptClaims({
    clock,
    log: { info() {}, warn: (_, message) => void warnings.push(message), error() {} },
    inHandMax: 1,
    lookAt: (queue) => {
      looks.push(queue)
      if (fault !== null) return Promise.reject(fault)
      return new Promise<boolean>((resolve) => {
        ends.push((isFull = false) => resolve(isFull))
      })
    },
  })
  const fail = (error: Error | null) => void (fault = error)
  return { clock, claims, looks, ends, warnings, fail }
}

describe('what was queued a moment ago', () => {
  test('is looked for at once', () => {
    const { claims, looks } = open()
    claims.look('journeys')
    expect(looks).toEqual(['journeys'])
  })

  test('is looked for once more, whatever was asked for during a look (C1)', async () => {
    const { clock, claims, looks, ends } = open()
    for (let asked = 0; asked < 50; asked += 1) claims.look('journeys')
    expect(looks).toHaveLength(1)
    ends[0]?.()
    await clock.advance(20)
    expect(looks).toHaveLength(2)
    ends[1]?.()
    await clock.advance(1_000)
    expect(looks).toHaveLength(2)
  })

  test('is looked for with a pause between, and queues do not wait for each other (C2)', async () => {
    const { clock, claims, looks, ends } = open()
    claims.look('journeys')
    claims.look('lanes')
    expect(looks).toEqual(['journeys', 'lanes'])
    ends[0]?.()
    await clock.advance(19)
    claims.look('journeys')
    expect(looks).toHaveLength(2)
    await clock.advance(1)
    expect(looks).toEqual(['journeys', 'lanes', 'journeys'])
  })

  test('is looked for again as long as there may be more, with the pause between (C4)', async () => {
    const { clock, claims, looks, ends } = open()
    claims.look('journeys')
    ends[0]?.(true)
    await clock.advance(19)
    expect(looks).toHaveLength(1)
    await clock.advance(1)
    expect(looks).toHaveLength(2)
    ends[1]?.(false)
    await clock.advance(1_000)
    expect(looks).toHaveLength(2)
  })

  test('is left to the engine when a look fails (C3)', async () => {
    const { clock, claims, looks, warnings, fail } = open()
    fail(new Error('away'))
    claims.look('journeys')
    await clock.advance(20)
    expect(warnings).toEqual(['queued runs could not be claimed at once'])
    claims.look('journeys')
    expect(looks).toHaveLength(2)
  })

  test('is not looked for after the end', async () => {
    const { clock, claims, looks, ends } = open()
    claims.look('journeys')
    claims.look('journeys')
    const closing = claims.close()
    ends[0]?.()
    await clock.advance(20)
    await closing
    claims.look('journeys')
    expect(looks).toHaveLength(1)
  })
})

test('this version of the engine can be hurried', () => expect(canLook()).toBe(true))
