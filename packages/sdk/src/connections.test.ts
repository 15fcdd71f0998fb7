import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { journey } from './journey.ts'
import { preCall } from './pre-call.ts'

test('a connection is typed by its connector: camel-case verbs, parsed outputs', () => {
  const workflow = preCall('typed', {
    parameters: z.object({ name: z.string() }),
    fallback: { name: 'there' },
    connections: { desk: 'http/desk' },
    run({ connections: { desk } }) {
      expectTypeOf(desk.request.get).toBeFunction()
      expectTypeOf(desk.request.get({ path: ['a'] })).resolves.toHaveProperty('status')
      // @ts-expect-error HTTP has no such action.
      void desk.request.fly
      return { parameters: { name: 'Ada' } }
    },
  })
  expect(workflow.connections).toEqual({ desk: 'http/desk' })
})

test('a journey on a call event always has its call; on another it may have none', () => {
  const onCall = journey('on-call', {
    on: 'call.completed',
    run: async ({ call }) => expectTypeOf(call.uuid).toBeString(),
  })
  const onOwn = journey('on-own', {
    on: 'sms.received',
    run: async ({ call }) => expectTypeOf(call).toBeNullable(),
  })
  expect([onCall.on, onOwn.on]).toEqual(['call.completed', 'sms.received'])
})
