import { preCall } from '@bookend/sdk'
import { z } from 'zod'

export default preCall('check-for-open-issues', {
  budget: '4s',
  connections: { desk: 'zendesk/main' },
  parameters: z.object({
    open_tickets: z.number().int(),
    last_ticket: z.string().max(200),
    is_urgent: z.boolean(),
  }),
  fallback: { open_tickets: 0, last_ticket: '', is_urgent: false },

  async run({ call, step, connections: { desk } }) {
    const contact = await step(
      'contact',
      () => desk.contact.findByPhone({ phone: call.from_number, on_many: 'none' }),
      { timeout: '2s', cache: '10m', default: null },
    )
    if (contact === null) return { parameters: {} }
    const tickets = await step('tickets', () => desk.ticket.findOpen({ contact_id: contact.id }), {
      timeout: '2s',
      default: [],
    })
    return {
      parameters: {
        open_tickets: tickets.length,
        last_ticket: tickets[0]?.subject ?? '',
        is_urgent: tickets.some(({ priority }) => priority === 'urgent'),
      },
    }
  },
})
