import type { PlatformAdapter } from '../adapter.ts'
import { hydrate, readEvents } from './events.ts'
import { budgetMs, simpleAiOptions, type SimpleAiOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const simpleAi = {
  platform: 'simple-ai',
  label: 'Simple AI',
  options: simpleAiOptions,
  budgetMs,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  hydrate,
  setUp,
} satisfies PlatformAdapter<SimpleAiOptions>
