import type { AdapterReply, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { readBookendPreCall, writeBookendPreCall } from '../wire/pre-call.ts'
import type { LiveKitOptions } from './options.ts'

/** The agent’s own code asks, before its session starts, and acts on what it is answered. */
export const readPreCall = (request: RawRequest, options: LiveKitOptions): PreCallReading =>
  readBookendPreCall('livekit', request, options)

export const writePreCall = (
  result: PreCallResult,
  request: NeutralPreCallRequest,
  options: LiveKitOptions,
): AdapterReply => writeBookendPreCall(result, request, options)
