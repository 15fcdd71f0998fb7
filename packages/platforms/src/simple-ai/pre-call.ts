import type { AdapterReply, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { readBookendPreCall, writeBookendPreCall } from '../wire/pre-call.ts'
import type { SimpleAiOptions } from './options.ts'

export const readPreCall = (request: RawRequest, options: SimpleAiOptions): PreCallReading =>
  readBookendPreCall('simple-ai', request, options)

export const writePreCall = (
  result: PreCallResult,
  request: NeutralPreCallRequest,
  options: SimpleAiOptions,
): AdapterReply => writeBookendPreCall(result, request, options)
