import { z } from 'zod'
import { MessageContent, email } from '../inputs.ts'
import { Message } from '../records.ts'

export const SlackSettings = z.object({
  /** Where the credential goes, and nowhere else. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme, host and path')
    .default('https://slack.com/api'),
})

export const SlackAuth = z.object({
  /** Of a bot, `xoxb-…`. */
  token: z.string().regex(/^xox[a-z]-[\x21-\x7e]{8,500}$/),
})

/** An id and no name: a channel may be renamed, and another then take the name. */
const ChannelId = z.string().regex(/^[CDG][A-Z0-9]{2,30}$/)
const UserId = z.string().regex(/^[UW][A-Z0-9]{2,30}$/)
/** Slack's time of a message, which is its id inside the channel. */
const MessageId = z.string().regex(/^\d{1,12}\.\d{1,9}$/)

export const PostInput = z.object({
  ...MessageContent.shape,
  channel: ChannelId,
  /** The message under which this one goes. */
  thread_id: MessageId.nullable().default(null),
})
export const DirectInput = z.object({ ...MessageContent.shape, user: UserId })
export const UpdateInput = z.object({
  ...MessageContent.shape,
  channel: ChannelId,
  id: MessageId,
})
export const FindPersonInput = z.object({ email })

/** What `message.update` needs to find the message again. */
export const SlackMessage = Message.extend({ channel: z.string() })

export type SlackSettings = z.output<typeof SlackSettings>
export type SlackAuth = z.output<typeof SlackAuth>
