import type { PlatformAdapter } from '../adapter.ts'
import { readEvents } from './events.ts'
import { jambonzOptions, type JambonzOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const jambonz = {
  platform: 'jambonz',
  label: 'jambonz',
  options: jambonzOptions,
  budgetMs: ({ budget_ms }: JambonzOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  setUp,
} satisfies PlatformAdapter<JambonzOptions>
