import type { PlatformAdapter } from '../adapter.ts'
import { hydrate, readEvents } from './events.ts'
import { elevenLabsOptions, type ElevenLabsOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const elevenLabs = {
  platform: 'elevenlabs',
  label: 'ElevenLabs Agents',
  options: elevenLabsOptions,
  budgetMs: ({ budget_ms }: ElevenLabsOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  hydrate,
  setUp,
} satisfies PlatformAdapter<ElevenLabsOptions>
