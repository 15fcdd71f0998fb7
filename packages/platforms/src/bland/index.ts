import type { PlatformAdapter } from '../adapter.ts'
import { hydrate, readEvents } from './events.ts'
import { budgetMs, blandOptions, type BlandOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const bland = {
  platform: 'bland',
  label: 'Bland',
  options: blandOptions,
  budgetMs,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  hydrate,
  setUp,
} satisfies PlatformAdapter<BlandOptions>
