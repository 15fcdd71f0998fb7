import type { PlatformAdapter } from '../adapter.ts'
import { hydrate, readEvents } from './events.ts'
import { vapiOptions, type VapiOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const vapi = {
  platform: 'vapi',
  label: 'Vapi',
  options: vapiOptions,
  budgetMs: ({ budget_ms }: VapiOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  hydrate,
  setUp,
} satisfies PlatformAdapter<VapiOptions>
