import { simulate } from '@bookend/sdk/testing'
import { expect, test } from 'vitest'
import intake from '../workflows/intake.pre-call.ts'

test('a customer is greeted by name', async () => {
  const fakes = { 'shop.row.query_one': { first_name: 'Ada', plan: 'pro' } }
  const { parameters } = await simulate(intake, {}, fakes)
  expect(parameters).toEqual({ customer_name: 'Ada', plan: 'pro' })
})

test('a database that hangs costs the name, never the call', async () => {
  const run = await simulate(intake, {}, { 'shop.row.query_one': simulate.hang })
  expect(run.parameters).toEqual({ customer_name: 'there', plan: 'unknown' })
  expect(run.step('customer')).toBeCut()
  expect(run).toAnswerWithin('1.1s')
})
