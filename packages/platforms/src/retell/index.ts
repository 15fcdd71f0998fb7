import type { PlatformAdapter } from '../adapter.ts'
import { hydrate, readEvents } from './events.ts'
import { retellOptions, type RetellOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const retell = {
  platform: 'retell',
  label: 'Retell',
  options: retellOptions,
  budgetMs: ({ budget_ms }: RetellOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  hydrate,
  setUp,
} satisfies PlatformAdapter<RetellOptions>
