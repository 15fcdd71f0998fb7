// For the code of a LiveKit agent: `import { connectLiveKit } from '@bookend/sdk/livekit'`.

export { connectLiveKit } from './agent.ts'
export type {
  AfterCall,
  BeforeCall,
  LiveKitAgent,
  LiveKitOptions,
  LiveKitOutcome,
  Prepared,
} from './agent.ts'
export { factsOf } from './caller-facts.ts'
export { transcriptOf } from './transcript.ts'
