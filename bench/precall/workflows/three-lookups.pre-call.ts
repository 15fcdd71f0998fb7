import { preCall } from '@bookend/sdk'
import { z } from 'zod'

const Contact = z.object({ contact: z.object({ first_name: z.string() }) })
const Tickets = z.object({ tickets: z.array(z.object({ id: z.number() })) })
const Account = z.object({ account: z.object({ plan: z.string() }) })

export default preCall('three-lookups', {
  connections: { lookup: 'http/lookup' },
  parameters: z.object({
    customer_name: z.string(),
    open_tickets: z.number().int(),
    plan: z.string(),
  }),
  fallback: { customer_name: 'there', open_tickets: 0, plan: 'unknown' },

  async run({ call, step, connections: { lookup } }) {
    const query = { phone: call.from_number }
    const limit = { timeout: '2s' } as const
    const get = async (path: string): Promise<unknown> =>
      (await lookup.request.get({ path: [path], query })).body

    const [contact, tickets, account] = await Promise.all([
      step('contact', async () => Contact.parse(await get('contacts')).contact, {
        ...limit,
        default: null,
      }),
      step('tickets', async () => Tickets.parse(await get('tickets')).tickets, {
        ...limit,
        default: [],
      }),
      step('account', async () => Account.parse(await get('account')).account, {
        ...limit,
        default: null,
      }),
    ])
    return {
      parameters: {
        customer_name: contact?.first_name ?? 'there',
        open_tickets: tickets.length,
        plan: account?.plan ?? 'unknown',
      },
    }
  },
})
