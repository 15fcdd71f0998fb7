import { expect, test } from 'vitest'
import { parseCallSearch, parseCallsSearch } from './search.ts'

test('the address of a list holds a status and a number, and nothing it does not know', () => {
  expect(parseCallsSearch({ status: 'failed', from: '+15550100001', page: 3 })).toEqual({
    status: 'failed',
    from: '+15550100001',
  })
  expect(parseCallsSearch({ status: 'sleeping', from: ' ' })).toEqual({})
})

test('a number that the router read as one is text again', () => {
  expect(parseCallsSearch({ from: 15_550_100 })).toEqual({ from: '15550100' })
})

test('the address of a call holds the selected step', () => {
  expect(parseCallSearch({ step: 'tickets' })).toEqual({ step: 'tickets' })
  expect(parseCallSearch({ step: 7 })).toEqual({})
})
