import { readFixture, simulateJourney } from '@bookend/sdk/testing'
import { expect, test } from 'vitest'
import followUp from '../workflows/follow-up.journey.ts'

const fixture = new URL('../fixtures/asks-for-callback.json', import.meta.url)

test('a call is kept, and nobody is asked about one that wants nothing', async () => {
  const run = await simulateJourney(followUp, { call: { said: ['Thank you, that is all.'] } })
  expect(run.status).toBe('completed')
  expect(run.effects.map(({ step }) => step)).toEqual(['table', 'keep'])
})

test('who asks to be called back is, and what came of it is kept', async () => {
  const run = await simulateJourney(followUp, { call: await readFixture(fixture) })
  await run.answer('callback', { outcome: 'reached' })
  expect(run.status).toBe('completed')
  expect(run.effects.at(-1)).toMatchObject({
    step: 'outcome',
    input: { row: { outcome: 'reached' } },
  })
})

test('a callback that nobody makes is written down after four hours', async () => {
  const run = await simulateJourney(followUp, { call: await readFixture(fixture) })
  await run.advance('4h')
  expect(run.effects.at(-1)).toMatchObject({ input: { row: { outcome: 'nobody called' } } })
})
