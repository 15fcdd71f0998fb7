import { journey } from '@bookend/sdk'

export default journey('send-follow-ups', {
  on: 'call.analyzed',
  connections: { crm: 'hubspot/main', mail: 'smtp/relay', phone: 'twilio/main' },

  async run({ call, step, sleep, callLater, connections: { crm, mail, phone } }) {
    const contact = await step('contact', () =>
      crm.contact.findByPhone({ phone: call.from_number, on_many: 'none' }),
    )
    const address = contact?.email
    await (address
      ? step('mail', () =>
          mail.email.send({
            to: [address],
            subject: 'Thank you for your call',
            text: `What we noted: ${call.summary ?? 'your call'}`,
          }),
        )
      : step('sms', () =>
          phone.sms.send({ to: call.from_number, text: 'Thank you for your call.' }),
        ))
    if (call.analysis['wants_callback'] !== true) return
    await sleep('a-moment', '10m')
    await callLater('callback', {
      to: call.from_number,
      agent: 'front-desk',
      in: '2h',
      reason: 'They asked for it',
    })
  },
})
