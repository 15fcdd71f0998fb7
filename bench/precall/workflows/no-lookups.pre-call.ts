import { preCall } from '@bookend/sdk'
import { z } from 'zod'

export default preCall('no-lookups', {
  parameters: z.object({
    customer_name: z.string(),
    open_tickets: z.number().int(),
    plan: z.string(),
  }),
  fallback: { customer_name: 'there', open_tickets: 0, plan: 'unknown' },

  run() {
    return { parameters: { customer_name: 'Ada', open_tickets: 2, plan: 'gold' } }
  },
})
