export type {
  AfterContext,
  AnswerOf,
  Calendar,
  Duration,
  HandoffForm,
  HandoffResult,
  HumanOptions,
  JourneyCall,
  JourneyContext,
  JourneyEvent,
  JourneyStepOptions,
  PreCallContext,
  PreCallReturn,
  StepScope,
  WaitOptions,
} from '@bookend/core'
export { escapeHtml, isOpen } from '@bookend/core'
export { ApiError, createClient } from './client.ts'
export type { CallOptions, Client, ClientOptions } from './client.ts'
export { defineConfig } from './config.ts'
export type { BookendConfig, ConfigInput } from './config.ts'
export type { Connections, HandlesOf } from './connections.ts'
export { journey } from './journey.ts'
export type { CallEventType, JourneyOptions } from './journey.ts'
export { preCall } from './pre-call.ts'
export type { PreCallOptions } from './pre-call.ts'
