import { journey } from '@bookend/sdk'
import { z } from 'zod'

const LEADS = 'C0123456789'

export default journey('route-to-humans', {
  on: 'call.analyzed',
  if: ({ call }) => call.analysis['sentiment'] === 'negative',
  connections: { chat: 'slack/team', desk: 'zendesk/main' },

  async run({ call, step, human, connections: { chat, desk } }) {
    const review = await human('callback', {
      title: `Call ${call.from_number} back?`,
      assign: 'team:support-leads',
      form: z.object({ decision: z.enum(['call', 'mail', 'nothing']) }),
      within: '4h',
      notify: ({ link }) =>
        chat.message.post({ channel: LEADS, text: 'Somebody left upset.', link }),
    })
    const decision = review.status === 'answered' ? review.answer.decision : 'nobody decided'
    if (decision === 'nothing') return
    await step('ticket', () =>
      desk.ticket.create({
        subject: `Upset caller: ${decision}`,
        description: call.summary ?? '',
        priority: 'high',
      }),
    )
  },
})
