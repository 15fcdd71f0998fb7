import { expect, test } from 'vitest'
import { CallGate } from './call-gate.ts'

/** A question that is answered when the test says so. */
function open(gate: CallGate): { answered: Promise<string>; answer: (word: string) => void } {
  let answer = (_: string): void => undefined
  const asking = new Promise<string>((resolve) => (answer = resolve))
  const answered = gate.pass(
    () => asking,
    () => 'shed',
  )
  return { answered, answer }
}

test('a call beyond the room is answered at once, and the next one finds the room of one that left', async () => {
  const gate = new CallGate(2)
  const [first, second] = [open(gate), open(gate)]
  expect(await open(gate).answered).toBe('shed')
  expect([gate.inFlight, gate.shed, gate.isCalm]).toEqual([2, 1, false])
  first.answer('first')
  expect(await first.answered).toBe('first')
  expect(gate.isCalm).toBe(true)
  const third = open(gate)
  expect(gate.inFlight).toBe(2)
  second.answer('second')
  third.answer('third')
  expect(await Promise.all([second.answered, third.answered])).toEqual(['second', 'third'])
  expect([gate.inFlight, gate.shed]).toEqual([0, 1])
})

test('a call whose workflow breaks gives its room back', async () => {
  const gate = new CallGate(1)
  const broken = gate.pass(
    () => Promise.reject(new Error('broken')),
    () => null,
  )
  await expect(broken).rejects.toThrow('broken')
  expect(gate.inFlight).toBe(0)
})
