import type { EventReading, Hydrated, Hydration, RawRequest } from '../adapter.ts'
import { idOf } from '../read/fields.ts'
import { notEnded, readAnswer } from '../rules/hydrated.ts'
import { readEnvelope } from '../wire/envelope.ts'
import { readCallRecord } from '../wire/neutral-call.ts'
import { API, type SimpleAiOptions } from './options.ts'

export const readEvents = (request: RawRequest): EventReading => readEnvelope('simple-ai', request)

/** Events are thin: the call's record fills them, and it can lag behind its event. */
export const hydrate: Hydration<SimpleAiOptions> = {
  request: (callId, { api_key: key }) =>
    key === undefined
      ? null
      : {
          method: 'GET',
          url: `${API}/calls/${encodeURIComponent(callId)}`,
          headers: { authorization: key, accept: 'application/json' },
        },

  read: (answer, options) =>
    readAnswer(answer, (body): Hydrated => {
      const call = readCallRecord(body)
      if ((call.ended_at ?? null) === null) return notEnded()
      const echo = options.correlation_parameter ?? 'bookend_run_id'
      return {
        kind: 'call',
        call_id: idOf(body['simple_uuid']),
        run_id: idOf(call.params?.[echo]),
        call,
        analyzed: (call.summary ?? null) !== null || (call.analysis_results ?? []).length > 0,
      }
    }),
}
