// What a pre-call workflow returns is checked against its parameters, and a text that is written out
// stays the literal it is: an enum takes it.

import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { preCall } from './pre-call.ts'

const base = {
  parameters: z.object({ route: z.enum(['sales', 'care']), age: z.number() }),
  fallback: { route: 'care' as const, age: 0 },
}

test('an enum takes a text that is returned, at once, in a branch or by a choice', () => {
  const made = [
    preCall('at-once', { ...base, run: () => ({ parameters: { route: 'sales' } }) }),
    preCall('async', { ...base, run: async () => ({ parameters: { route: 'sales', age: 3 } }) }),
    preCall('branch', {
      ...base,
      run: async ({ call }) => {
        if (call.direction === 'outbound') return { parameters: { route: 'sales' }, say: 'Hello' }
        return { parameters: { route: 'care' } }
      },
    }),
    preCall('choice', {
      ...base,
      run: ({ call }) => {
        const route = call.direction === 'outbound' ? 'sales' : 'care'
        return { parameters: { route } }
      },
    }),
  ]
  expect(made).toHaveLength(4)
})

test('an enum takes a text that a step yields, and its default', () => {
  preCall('steps', {
    ...base,
    run: async ({ step, call }) => {
      const plain = await step('plain', () => 'sales')
      expectTypeOf(plain).toEqualTypeOf<'sales'>()
      const route = await step('route', async () => (call.from_number === '' ? 'sales' : 'care'), {
        default: 'care',
      })
      const age = await step('age', () => 1)
      expectTypeOf(age).toBeNumber()
      return { parameters: { route, age } }
    },
  })
})

test('a parameter may be anything', () => {
  const parameters = z.object({ anything: z.unknown(), json: z.json() })
  const run = () => ({ parameters: { anything: 1, json: ['a'] } })
  expect(preCall('any', { parameters, fallback: { anything: 0, json: null }, run }).name).toBe(
    'any',
  )
})

test('what is no value of a parameter, and what is no parameter, is refused', () => {
  // @ts-expect-error Not one of the enum's texts.
  preCall('wrong', { ...base, run: () => ({ parameters: { route: 'billing' } }) })
  // @ts-expect-error No such parameter.
  preCall('unknown', { ...base, run: () => ({ parameters: { rout: 'sales' } }) })
  const run = () => ({ parameters: {} })
  const { parameters } = base
  // @ts-expect-error A fallback for each parameter.
  const bare = () => preCall('bare', { parameters, fallback: { age: 0 }, run })
  expect(bare).toThrow('fallback.route')
  preCall('after', {
    ...base,
    run,
    after({ parameters: { route } }) {
      expectTypeOf(route).toEqualTypeOf<'sales' | 'care' | undefined>()
    },
  })
})
