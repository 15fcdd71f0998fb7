import type { PlatformAdapter } from '../adapter.ts'
import { hydrate, readEvents } from './events.ts'
import { budgetMs, telnyxOptions, type TelnyxOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const telnyx = {
  platform: 'telnyx',
  label: 'Telnyx AI Assistants',
  options: telnyxOptions,
  budgetMs,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  hydrate,
  setUp,
} satisfies PlatformAdapter<TelnyxOptions>
