import { describe, expect, test } from 'vitest'
import { checkDialTarget } from './dial-rule.ts'

const rule = { countries: ['US', 'GB'] }

describe('a number to call or text', () => {
  test.each([
    ['+14155550100', 'US'],
    ['+442079460018', 'GB'],
    ['+447946001234', 'GB'],
  ])('%s passes where its country is allowed', (number, country) =>
    expect(checkDialTarget(number, rule)).toEqual({ ok: true, country }),
  )

  test.each([
    ['+19005550100', 'premium_rate'],
    ['+448712345678', 'premium_rate'],
    ['+97912345678', 'denied_calling_code'],
    ['+8816123456', 'denied_calling_code'],
    ['+870773111632', 'denied_calling_code'],
    ['+18765550100', 'country_not_allowed'],
    ['+4930901820', 'country_not_allowed'],
    ['+18005550100', 'type_not_allowed'],
    ['+15550100001', 'not_a_number'],
    ['+4402079460018', 'not_a_number'],
    ['14155550100', 'not_a_number'],
    ['+1415555０100', 'not_a_number'],
    ['anonymous', 'not_a_number'],
    ['911', 'not_a_number'],
    ['', 'not_a_number'],
  ])('%s is refused: %s (C11)', (number, reason) =>
    expect(checkDialTarget(number, rule)).toEqual({ ok: false, reason }),
  )

  test('of no country in particular passes nowhere: an empty list allows nobody (T1)', () =>
    expect(checkDialTarget('+14155550100', { countries: [] })).toEqual({
      ok: false,
      reason: 'country_not_allowed',
    }))

  test('passes by its name, but a premium-rate one never does (T2)', () => {
    const named = { countries: [], numbers: ['+4930901820', '+19005550100', '+97912345678'] }
    expect(checkDialTarget('+4930901820', named)).toEqual({ ok: true, country: 'DE' })
    expect(checkDialTarget('+19005550100', named)).toMatchObject({ reason: 'premium_rate' })
    expect(checkDialTarget('+97912345678', named)).toMatchObject({ reason: 'denied_calling_code' })
  })

  test('passes by the types that are asked for', () => {
    const tollFree = { countries: ['US'], types: ['toll_free'] } as const
    expect(checkDialTarget('+18005550100', tollFree)).toMatchObject({ ok: true })
    expect(checkDialTarget('+14155550100', tollFree)).toMatchObject({ reason: 'type_not_allowed' })
    const mobile = { countries: ['GB'], types: ['mobile'] } as const
    expect(checkDialTarget('+442079460018', mobile)).toMatchObject({ reason: 'type_not_allowed' })
  })
})
