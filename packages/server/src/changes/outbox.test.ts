import { expect, test } from 'vitest'
import { EVERYTHING, type Change } from './change.ts'
import { Outbox, outboxMax } from './outbox.ts'

const change = (id: string): Change => ({ topic: 'calls', workspaceId: 'w', id, callId: id })

test('a record that changed often is told once', () => {
  const outbox = new Outbox()
  for (const id of ['a', 'b', 'a']) outbox.add(change(id))
  expect(outbox.take()).toEqual([change('a'), change('b')])
  expect(outbox.isEmpty).toBe(true)
})

test('too many changes are told as everything, in bounded memory (N3)', () => {
  const outbox = new Outbox()
  for (let n = 0; n < outboxMax * 3; n += 1) outbox.add(change(String(n)))
  expect(outbox.take()).toEqual([EVERYTHING])
  expect(outbox.take()).toEqual([])
})

test('what could not be told goes before what came since', () => {
  const outbox = new Outbox()
  outbox.add(change('b'))
  outbox.putBack([change('a')])
  expect(outbox.take()).toEqual([change('a'), change('b')])
})
