import { describe, expect, test } from 'vitest'
import type { Patient } from '../lookups/practice.ts'
import { isVip, recogniseCaller } from './recognise-caller.ts'

const ada: Patient = {
  id: 1,
  first_name: 'Ada',
  last_name: 'Okafor',
  email: null,
  vip: false,
  member_since: '2019-05-04',
}
const eli: Patient = { ...ada, id: 2, first_name: 'Eli' }

describe('a caller', () => {
  test('with an unlisted number is unknown', () => {
    expect(recogniseCaller([])).toEqual({ kind: 'unknown' })
  })

  test('is the patient whose number it is', () => {
    expect(recogniseCaller([ada])).toEqual({ kind: 'patient', patient: ada })
  })

  test('with a shared number is one of several, and nobody’s details are told', () => {
    const household = { kind: 'household', names: 'Ada Okafor or Eli Okafor' }
    expect(recogniseCaller([ada, eli])).toEqual(household)
  })
})

describe('a VIP', () => {
  test('is whom the practice has marked', () => {
    expect(isVip({ ...ada, vip: true }, '2026-11-26')).toBe(true)
  })

  test.each([
    ['2029-05-03', false],
    ['2029-05-04', true],
  ])('is who has been here ten years: on %s %s', (today, expected) => {
    expect(isVip(ada, today)).toBe(expected)
  })
})
