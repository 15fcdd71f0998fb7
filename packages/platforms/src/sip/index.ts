import type { PlatformAdapter } from '../adapter.ts'
import { readEvents } from './events.ts'
import { sipOptions, type SipOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const sip = {
  platform: 'sip',
  label: 'SIP server',
  options: sipOptions,
  budgetMs: ({ budget_ms }: SipOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  setUp,
} satisfies PlatformAdapter<SipOptions>
