// Before the first word: who is calling, and on which plan.

import { preCall } from '@bookend/sdk'
import { z } from 'zod'

const Customer = z.object({ first_name: z.string(), plan: z.enum(['free', 'pro']) })
const nobody = { first_name: 'there', plan: 'unknown' } as const

// Two made-up customers; put a table of yours in their place.
const CUSTOMER_BY_PHONE = `
  with customers (phone, first_name, plan) as (
    values ('+15550100001', 'Ada', 'pro'), ('+15550100002', 'Grace', 'free')
  )
  select first_name, plan from customers where phone = $1`

export default preCall('intake', {
  budget: '3s',
  connections: { shop: 'postgres/shop' },
  // All that the agent may learn; anything else is dropped.
  parameters: z.object({
    customer_name: z.string().max(60),
    plan: z.enum(['free', 'pro', 'unknown']),
  }),
  fallback: { customer_name: nobody.first_name, plan: nobody.plan },

  async run({ call, step, connections: { shop } }) {
    const customer = await step(
      'customer',
      async () => {
        const values = [call.from_number]
        const row = await shop.row.queryOne({ sql: CUSTOMER_BY_PHONE, values })
        return Customer.nullable().parse(row)
      },
      { timeout: '1s', default: null },
    )
    const { first_name, plan } = customer ?? nobody
    return { parameters: { customer_name: first_name, plan } }
  },
})
