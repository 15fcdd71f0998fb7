import { preCall } from '@bookend/sdk'
import { z } from 'zod'

const Count = z.object({ open: z.number().int() })
const Weather = z.object({ summary: z.string() })

export default preCall('enrich-from-many-sources', {
  budget: '4s',
  connections: { crm: 'hubspot/main', shop: 'postgres/shop', weather: 'http/weather' },
  parameters: z.object({
    customer_name: z.string().max(60),
    open_orders: z.number().int(),
    weather: z.string().max(120),
  }),
  fallback: { customer_name: 'there', open_orders: 0, weather: '' },

  async run({ call, step, connections: { crm, shop, weather } }) {
    // In sequence: the orders are those of the contact.
    const contactAndOrders = async () => {
      const contact = await step(
        'contact',
        () => crm.contact.findByPhone({ phone: call.from_number, on_many: 'none' }),
        { timeout: '2s', default: null },
      )
      if (contact === null) return { contact, orders: { open: 0 } }
      const sql = `select count(*)::int as open from orders where customer = $1 and not shipped`
      const orders = await step(
        'orders',
        async () => Count.parse(await shop.row.queryOne({ sql, values: [contact.id] })),
        { timeout: '1s', default: { open: 0 } },
      )
      return { contact, orders }
    }
    // In parallel: the weather waits for nobody, and nobody for it longer than a second.
    const [{ contact, orders }, sky] = await Promise.all([
      contactAndOrders(),
      step(
        'weather',
        async () => Weather.parse((await weather.request.get({ path: ['today'] })).body),
        { timeout: '1s', cache: { fresh: '10m', stale: '1h' }, default: { summary: '' } },
      ),
    ])
    return {
      parameters: {
        customer_name: contact?.first_name ?? 'there',
        open_orders: orders.open,
        weather: sky.summary,
      },
    }
  },
})
