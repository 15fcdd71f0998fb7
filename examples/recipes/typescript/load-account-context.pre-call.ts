import { preCall } from '@bookend/sdk'
import { z } from 'zod'

const Account = z.object({ plan: z.enum(['free', 'pro']), balance: z.number(), renews: z.string() })
const ACCOUNT = `
  select plan, balance::float as balance, to_char(renews_on, 'FMMonth FMDD') as renews
  from accounts where phone = $1`

export default preCall('load-account-context', {
  budget: '2s',
  connections: { billing: 'postgres/billing' },
  // Only what the agent needs: the table has more, and none of it leaves.
  parameters: z.object({
    plan: z.enum(['free', 'pro', 'unknown']),
    owes: z.boolean(),
    renews: z.string().max(40),
  }),
  fallback: { plan: 'unknown', owes: false, renews: '' },

  async run({ call, step, connections: { billing } }) {
    const row = await step(
      'account',
      () => billing.row.queryOne({ sql: ACCOUNT, values: [call.from_number] }),
      { timeout: '1s' },
    )
    const { plan, balance, renews } = Account.parse(row)
    return { parameters: { plan, owes: balance < 0, renews } }
  },
})
