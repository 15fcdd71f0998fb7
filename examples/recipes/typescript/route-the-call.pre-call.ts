import { isOpen, preCall } from '@bookend/sdk'
import { z } from 'zod'

const SALES_AGENT = '0198c7a2-0000-7000-8000-000000000001'
const KEY_ACCOUNTS = '+15550100911'
const OFFICE = {
  zone: 'America/New_York',
  open: { mon: ['09:00-17:00'], tue: ['09:00-17:00'], wed: ['09:00-17:00'], thu: ['09:00-17:00'] },
}

export default preCall('route-the-call', {
  budget: '3s',
  connections: { crm: 'hubspot/main' },
  parameters: z.object({ customer_name: z.string().max(60) }),
  fallback: { customer_name: 'there' },

  async run({ call, step, connections: { crm } }) {
    const contact = await step(
      'contact',
      () => crm.contact.findByPhone({ phone: call.from_number, properties: ['segment'] }),
      { timeout: '2s', default: null },
    )
    const segment = contact?.fields['segment']
    const parameters = { customer_name: contact?.first_name ?? 'there' }
    if (segment === 'blocked') return { parameters, reject: { reason: 'blocked' } }
    if (!isOpen(OFFICE, new Date(call.timestamp))) return { parameters, say: 'We are closed.' }
    if (segment === 'key') {
      return { parameters, transfer: { to_number: KEY_ACCOUNTS, message: 'One moment.' } }
    }
    if (contact === null) return { parameters, agent_id: SALES_AGENT }
    return { parameters }
  },
})
