import { journey } from '@bookend/sdk'

export default journey('sync-to-your-crm', {
  on: 'call.completed',
  key: ({ call }) => call.from_number_e164,
  connections: { crm: 'hubspot/main' },

  async run({ call, step, connections: { crm } }) {
    const contact = await step('contact', () =>
      crm.contact.findByPhone({ phone: call.from_number, on_many: 'none' }),
    )
    await step('activity', () =>
      crm.call.log({
        contact_id: contact?.id ?? null,
        direction: call.direction,
        from_number: call.from_number,
        to_number: call.to_number,
        started_at: call.started_at ?? call.created_at,
        duration_seconds: call.duration ?? 0,
        summary: call.summary ?? '',
        transcript: call.transcripts.map(({ role, text }) => `${role}: ${text}`).join('\n'),
      }),
    )
  },
})
