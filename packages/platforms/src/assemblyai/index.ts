import type { PlatformAdapter } from '../adapter.ts'
import { readEvents } from './events.ts'
import { assemblyAiOptions, type AssemblyAiOptions } from './options.ts'
import { readPreCall, writePreCall } from './pre-call.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

export const assemblyAi = {
  platform: 'assemblyai',
  label: 'AssemblyAI Voice Agent API',
  options: assemblyAiOptions,
  budgetMs: ({ budget_ms }: AssemblyAiOptions) => budget_ms,
  verify,
  readPreCall,
  writePreCall,
  readEvents,
  setUp,
} satisfies PlatformAdapter<AssemblyAiOptions>
