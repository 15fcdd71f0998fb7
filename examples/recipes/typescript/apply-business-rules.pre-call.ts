import { preCall } from '@bookend/sdk'
import { z } from 'zod'

const Customer = z.object({ spent: z.number(), late_days: z.number().int() })

/** Plain functions: they can be tested without a call. */
export const tierOf = (spent: number) =>
  spent >= 10_000 ? 'gold' : spent >= 1_000 ? 'silver' : 'basic'
export const discountOf = (tier: 'gold' | 'silver' | 'basic', lateDays: number) =>
  lateDays > 30 ? 0 : { gold: 15, silver: 5, basic: 0 }[tier]

export default preCall('apply-business-rules', {
  budget: '2s',
  connections: { shop: 'postgres/shop' },
  parameters: z.object({
    tier: z.enum(['gold', 'silver', 'basic']),
    discount_percent: z.number().int().min(0).max(15),
  }),
  fallback: { tier: 'basic', discount_percent: 0 },

  async run({ call, step, connections: { shop } }) {
    const sql = 'select spent::float as spent, late_days from customers where phone = $1'
    const row = await step(
      'customer',
      () => shop.row.queryOne({ sql, values: [call.from_number] }),
      { timeout: '1s', default: null },
    )
    const { spent, late_days } = Customer.nullable().parse(row) ?? { spent: 0, late_days: 0 }
    const tier = tierOf(spent)
    return { parameters: { tier, discount_percent: discountOf(tier, late_days) } }
  },
})
