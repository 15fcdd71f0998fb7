import { preCall } from '@bookend/sdk'
import { z } from 'zod'

export default preCall('look-up-the-caller', {
  budget: '3s',
  connections: { crm: 'hubspot/main' },
  parameters: z.object({ customer_name: z.string().max(60), known: z.boolean() }),
  fallback: { customer_name: 'there', known: false },

  async run({ call, step, connections: { crm } }) {
    const contact = await step(
      'contact',
      // A number that several people hold names none of them.
      () => crm.contact.findByPhone({ phone: call.from_number, on_many: 'none' }),
      { timeout: '2s', cache: { fresh: '1m', stale: '10m' }, default: null },
    )
    return {
      parameters: { customer_name: contact?.first_name ?? 'there', known: contact !== null },
    }
  },
})
