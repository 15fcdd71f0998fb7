import type { PlatformAdapter } from '../adapter.ts'
import { readEvents } from './events.ts'
import { liveKitOptions, type LiveKitOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const liveKit = {
  platform: 'livekit',
  label: 'LiveKit',
  options: liveKitOptions,
  budgetMs: ({ budget_ms }: LiveKitOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  setUp,
} satisfies PlatformAdapter<LiveKitOptions>
