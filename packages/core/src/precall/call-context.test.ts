import { PreCallRequest } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { cleanContext } from './call-context.ts'

const asked = (context: Record<string, string> | undefined) => ({
  call: {
    from_number: '+15550100001',
    to_number: '+15550100900',
    direction: 'inbound',
    timestamp: '2026-03-02T15:04:05.000Z',
    ...(context === undefined ? {} : { context }),
  },
  agent: { id: '', name: '' },
})

describe('the context of a call', () => {
  test('is text on one line, under names that hold nothing invisible (X1)', () => {
    const given = {
      'sip.X-Region': 'eu\r\nX-Evil: 1\u202E',
      'sip.X-\u200BHidden': 'x',
      constructor: 'a name like any other',
      empty: ' \n ',
      lone: '\uD800',
    }
    expect(cleanContext(given)).toEqual({
      'sip.X-Region': 'eu X-Evil: 1',
      constructor: 'a name like any other',
      lone: '\uFFFD',
    })
    expect(cleanContext(JSON.parse('{"__proto__":"x"}') as Record<string, string>)).toBeUndefined()
    expect(cleanContext(undefined)).toBeUndefined()
  })

  test('is bounded in every direction, and what is kept passes the contract (X2)', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`name_${at}`, 'x']))
    const large = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`name_${at}`, 'y'.repeat(1_024)]),
    )
    for (const given of [
      many,
      large,
      { long: 'z'.repeat(1_025), ['n'.repeat(141)]: 'x', a: 'b' },
    ]) {
      expect(PreCallRequest.safeParse(asked(given)).success).toBe(false)
      const kept = cleanContext(given)
      expect(Object.keys(kept ?? {}).length).toBeGreaterThan(0)
      expect(PreCallRequest.safeParse(asked(kept)).success).toBe(true)
    }
  })
})
