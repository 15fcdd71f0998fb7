import type { z } from 'zod'
import type {
  AdapterReply,
  DialAnswer,
  Dialling,
  EventReading,
  Hydrated,
  OutgoingRequest,
  PlacedCall,
  PreCallReading,
  RelayMessage,
  RelayReading,
  RelaySettings,
  RelayState,
} from './adapter.ts'
import type {
  PublicUrls,
  RawAnswer,
  RawRequest,
  SetUpStep,
  SetUpTargets,
  Verification,
} from './adapter.ts'
import type { NeutralPreCallRequest, PlatformId, PreCallResult } from './neutral.ts'
import { platforms } from './platforms.ts'

/** An adapter with the settings of one connection, read once. */
export interface PlatformConnection {
  readonly platform: PlatformId
  readonly budgetMs: number
  verify(request: RawRequest): Verification
  readPreCall(request: RawRequest): PreCallReading
  writePreCall(result: PreCallResult, request: NeutralPreCallRequest): AdapterReply
  readEvents(request: RawRequest): EventReading
  /** Null when the platform has no API for it, or the connection lacks its key. */
  hydrationOf(callId: string): OutgoingRequest | null
  readHydration(answer: RawAnswer): Hydrated
  setUp(urls: PublicUrls, targets?: SetUpTargets): readonly SetUpStep[]
  /** Null: the platform places no calls. */
  readonly dial: ConnectionDialling | null
  /** Null: others speak on its calls. */
  readonly relay: ConnectionRelay | null
}

export interface ConnectionDialling {
  readonly from: string | null
  request(call: PlacedCall, urls: PublicUrls): ReturnType<Dialling<unknown>['request']>
  read(answer: RawAnswer): DialAnswer
}

export interface ConnectionRelay {
  readonly settings: RelaySettings
  read(state: RelayState, message: RelayMessage): RelayReading
}

export type OpenedConnection =
  | { readonly ok: true; readonly connection: PlatformConnection }
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] }

export function openConnection(platform: PlatformId, settings: unknown): OpenedConnection {
  const adapter = platforms[platform]
  const parsed = adapter.options.safeParse(settings)
  if (!parsed.success) return { ok: false, issues: parsed.error.issues }
  const options = parsed.data
  const { hydrate, dial, relay } = adapter
  const speaking = relay?.settings(options) ?? null
  const cannot: Hydrated = { kind: 'refused', reason: 'the platform has no API for it' }
  return {
    ok: true,
    connection: {
      platform,
      budgetMs: adapter.budgetMs(options),
      verify: (request) => adapter.verify(request, options),
      readPreCall: (request) => adapter.readPreCall(request, options),
      writePreCall: (result, request) => adapter.writePreCall(result, request, options),
      readEvents: (request) => adapter.readEvents(request, options),
      hydrationOf: (callId) => hydrate?.request(callId, options) ?? null,
      readHydration: (answer) => hydrate?.read(answer, options) ?? cannot,
      setUp: (urls, targets) => adapter.setUp(options, urls, targets),
      dial:
        dial === undefined
          ? null
          : {
              from: dial.from(options),
              request: (call, urls) => dial.request(call, options, urls),
              read: (answer) => dial.read(answer),
            },
      relay:
        relay === undefined || speaking === null
          ? null
          : { settings: speaking, read: (state, message) => relay.read(state, message, options) },
    },
  }
}
