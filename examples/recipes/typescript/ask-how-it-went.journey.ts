import { journey } from '@bookend/sdk'

export default journey('ask-how-it-went', {
  on: 'call.completed',
  if: ({ call }) => (call.duration ?? 0) > 30,
  key: ({ call }) => call.from_number_e164,
  connections: { phone: 'twilio/main', chat: 'slack/team', warehouse: 'postgres/warehouse' },

  async run({ call, step, sleep, waitFor, connections: { phone, chat, warehouse } }) {
    await sleep('a-day', '1d')
    await step('ask', () =>
      phone.sms.send({ to: call.from_number, text: 'How did we do, from 1 to 5?' }),
    )
    const reply = await waitFor('reply', 'sms.received', {
      where: { from: call.from_number },
      match: ({ text }) => typeof text === 'string' && /^[1-5]$/.test(text),
      within: '2d',
    })
    const rating = reply === null ? null : Number(reply['text'])
    const keep = step('keep', () =>
      warehouse.row.upsert({
        table: 'ratings',
        key: ['call_id'],
        row: { call_id: call.uuid, rating },
      }),
    )
    const alert =
      rating !== null && rating <= 2
        ? step('alert', () =>
            chat.message.post({ channel: 'C0123456789', text: `A caller rated us ${rating}.` }),
          )
        : null
    await Promise.all([keep, alert])
  },
})
