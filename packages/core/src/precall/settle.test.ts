import { describe, expect, test } from 'vitest'
import { settle } from './settle.ts'

function ended(start: () => unknown): Promise<unknown> {
  return new Promise((resolve) =>
    settle(
      start,
      (value) => resolve({ value }),
      (error) => resolve({ error }),
    ),
  )
}

describe('work that is settled', () => {
  test('and brings no promise is told before anything else happens', () => {
    const told: unknown[] = []
    const tell = (value: unknown): void => void told.push(value)
    settle(() => 'at once', tell, tell)
    expect(told).toEqual(['at once'])
  })

  test.each<readonly [string, () => unknown, unknown]>([
    ['a promise', () => Promise.resolve(1), { value: 1 }],
    ['a promise that rejects', () => Promise.reject(new Error('no')), { error: new Error('no') }],
    ['an object', () => ({ a: 1 }), { value: { a: 1 } }],
    ['null', () => null, { value: null }],
  ])('is told of %s', async (_, start, expected) => {
    expect(await ended(start)).toEqual(expected)
  })

  test('and throws at once is told of as what rejects later', async () => {
    const start = (): never => {
      throw new Error('no')
    }
    expect(await ended(start)).toEqual({ error: new Error('no') })
  })

  test('is followed through what is only like a promise, also when that is broken', async () => {
    const then = (resolve: (value: number) => void): void => resolve(7)
    // oxlint-disable-next-line unicorn/no-thenable
    expect(await ended(() => ({ then }))).toEqual({ value: 7 })
    const broken = {
      // oxlint-disable-next-line unicorn/no-thenable
      get then(): never {
        throw new Error('broken')
      },
    }
    expect(await ended(() => broken)).toEqual({ error: new Error('broken') })
  })
})
