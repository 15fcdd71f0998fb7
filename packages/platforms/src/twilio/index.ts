import type { PlatformAdapter } from '../adapter.ts'
import { dial } from './dial.ts'
import { hydrate, readEvents } from './events.ts'
import { twilioOptions, type TwilioOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { relay } from './relay.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const twilio = {
  platform: 'twilio',
  label: 'Twilio',
  options: twilioOptions,
  budgetMs: ({ budget_ms }: TwilioOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  hydrate,
  dial,
  relay,
  setUp,
} satisfies PlatformAdapter<TwilioOptions>
