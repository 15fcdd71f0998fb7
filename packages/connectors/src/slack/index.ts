import { defineConnector } from '@bookend/core'
import { check } from './check.ts'
import { messageDirect, messagePost, messageUpdate } from './message.ts'
import { personFindByEmail } from './person.ts'
import { SlackAuth, SlackSettings } from './schema.ts'

export const slack = defineConnector({
  id: 'slack',
  label: 'Slack',
  settings: SlackSettings,
  auth: SlackAuth,
  origin: ({ base_url }) => new URL(base_url).origin,
  buckets: {
    default: { limit: 50, perMs: 60_000 },
    // One a second is what a channel takes; a workspace takes several hundred a minute.
    message: { limit: 60, perMs: 60_000 },
  },
  check,
  actions: {
    'message.post': messagePost,
    'message.direct': messageDirect,
    'message.update': messageUpdate,
    'person.find_by_email': personFindByEmail,
  },
})
