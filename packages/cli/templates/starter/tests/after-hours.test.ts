import { simulate } from '@bookend/sdk/testing'
import { expect, test } from 'vitest'
import { office } from '../calendars.ts'

const afterHours = new URL('../workflows/after-hours.pre-call.yaml', import.meta.url)

const callAt = (timestamp: string) =>
  simulate(afterHours, { timestamp }, {}, { calendars: { office } })

test('who calls at ten in the morning is put through', async () => {
  const { parameters, routing } = await callAt('2026-03-02T09:00:00Z')
  expect(parameters).toEqual({ is_open: true })
  expect(routing).toEqual({})
})

test('who calls on a Sunday is told to call again', async () => {
  const { routing } = await callAt('2026-03-01T09:00:00Z')
  expect(routing.say).toContain('closed')
})
