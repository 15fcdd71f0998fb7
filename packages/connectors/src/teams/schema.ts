import { z } from 'zod'
import { MessageContent } from '../inputs.ts'

export const TeamsSettings = z.object({
  /** Where the flow is called instead of the host in its URL. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme and host')
    .nullable()
    .default(null),
})

const RETIRED_HOST = /(?:^|\.)(?:webhook\.office|outlook\.office|outlook\.office365)\.com$/

export const TeamsAuth = z.object({
  /** Of a flow that begins when a webhook request is received. Who has it may post. */
  url: z
    .url({ protocol: /^https$/ })
    .max(2_000)
    .refine((url) => !/[#@\s]/.test(url), 'Only what Teams shows as the URL of the flow')
    .refine((url) => !RETIRED_HOST.test(hostOf(url)), {
      error: 'Office 365 connectors are retired: make a flow in Workflows and give its URL',
    })
    .refine((url) => RETIRED_HOST.test(hostOf(url)) || /[?&]sig=[^&]{8,}/.test(url), {
      error: 'The URL has no signature: let anyone trigger the flow, and copy the URL again',
    }),
})

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '')

export const CardInput = MessageContent

export type TeamsSettings = z.output<typeof TeamsSettings>
export type TeamsAuth = z.output<typeof TeamsAuth>
