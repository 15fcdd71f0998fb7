import { describe, expect, test } from 'vitest'
import { insuranceStatus, overdueAmount } from './accounts.ts'

const TODAY = '2026-11-26'

describe('insurance', () => {
  test.each([
    [{ provider: 'Harbor Mutual', valid_until: '2026-11-26' }, 'active'],
    [{ provider: 'Harbor Mutual', valid_until: '2026-11-25' }, 'expired'],
    [null, 'none'],
    ['unknown', 'unknown'],
  ] as const)('%j is %s', (insurance, status) => {
    expect(insuranceStatus(insurance, TODAY)).toBe(status)
  })
})

describe('an overdue amount', () => {
  test('counts what is more than a week late, in dollars', () => {
    const invoices = [
      { amount_cents: 8_450, due_on: '2026-11-18' },
      { amount_cents: 1_005, due_on: '2026-01-02' },
      { amount_cents: 99_900, due_on: '2026-11-19' },
    ]
    expect(overdueAmount(invoices, TODAY)).toBe(94.55)
  })

  test('is nothing without invoices', () => {
    expect(overdueAmount([], TODAY)).toBe(0)
  })
})
