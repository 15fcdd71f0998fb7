import { journey } from '@bookend/sdk'

export default journey('update-tickets', {
  on: 'call.analyzed',
  key: ({ call }) => call.from_number_e164,
  connections: { desk: 'zendesk/main' },

  async run({ call, step, connections: { desk } }) {
    const contact = await step('contact', () => desk.contact.upsert({ phone: call.from_number }))
    const open = await step('open', () => desk.ticket.findOpen({ contact_id: contact.id }))
    const [ticket] = open
    if (ticket === undefined) {
      await step('ticket', () =>
        desk.ticket.create({
          subject: 'Phone call',
          description: call.summary ?? '',
          contact_id: contact.id,
        }),
      )
      return
    }
    await step('comment', () =>
      desk.ticket.comment({ id: ticket.id, body: `They called: ${call.summary ?? 'no summary'}` }),
    )
    if (call.analysis['solved'] === true) {
      await step('resolve', () => desk.ticket.resolve({ id: ticket.id }))
    }
  },
})
