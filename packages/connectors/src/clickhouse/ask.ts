// One request to ClickHouse's HTTP interface.
//
//   SQL, settings ─▶ ctx.http ─▶ the exception's number, else the table of statuses ─▶ text
//
// H1. The server waits for the end before it answers, so that a late exception is a status.
// H2. A read is sent as one: the server refuses what writes, and statements that would allow it.
// H3. The server is told the deadline, in whole seconds.

import type { ActionContext, Effect, HttpResult } from '@bookend/core'
import { ConnectorFault, classifyHttp, maybeDone } from '@bookend/core'
import { basicAuth } from '../rest/fetch-token.ts'
import { renderUrl, type QueryValue } from '../rest/render-url.ts'
import { classifyException } from './classify.ts'
import type { ClickhouseAuth, ClickhouseSettings } from './schema.ts'

export type Context = ActionContext<ClickhouseSettings, ClickhouseAuth>

export interface Question {
  readonly effect: Effect
  readonly query?: Readonly<Record<string, QueryValue>>
  /** The SQL, or what it inserts. */
  readonly body: string
  readonly timeoutMs: number
}

const ANSWER_BYTES_MAX = 1_048_576
/** What a URL may have, less the two settings that are added at its end. */
const URL_LENGTH_MAX = 1_980

/** @throws {ConnectorFault} Whatever is no success. */
export async function ask(ctx: Context, question: Question): Promise<Uint8Array> {
  const { effect, query = {}, body, timeoutMs } = question
  const { settings, auth } = ctx
  if (effect === 'write' && settings.read_only) {
    throw new ConnectorFault({ kind: 'refused', detail: 'read_only_connection' })
  }
  const url = renderUrl(settings.url, [], { database: settings.database, ...query })
  if (url.length > URL_LENGTH_MAX) {
    throw new ConnectorFault({ kind: 'refused', detail: 'params_too_long' })
  }
  const totalMs = Math.min(timeoutMs, Math.max(1, ctx.remainingMs()))
  const result = await ctx.http.send({
    method: 'POST',
    url: `${url}&wait_end_of_query=1&max_execution_time=${Math.ceil(totalMs / 1_000)}`,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(auth === null ? {} : { authorization: basicAuth(auth.user, auth.password) }),
    },
    body,
    effect,
    totalMs,
    maxBodyBytes: ANSWER_BYTES_MAX,
    signal: ctx.signal,
  })
  const code = exceptionOf(result)
  if (code !== null) throw new ConnectorFault(classifyException(code, effect))
  if (result.kind === 'failed' && result.code === 'response_too_large' && effect === 'read') {
    throw new ConnectorFault({ kind: 'refused', detail: 'answer_too_large' })
  }
  const verdict = classifyHttp(result, effect, ctx.now())
  if (verdict.kind !== 'ok') throw new ConnectorFault(verdict)
  if (result.kind === 'failed') throw new ConnectorFault(maybeDone(effect, result.code))
  return result.body
}

/** A header tells it, and where servers are old, the beginning of the text. */
function exceptionOf(result: HttpResult): number | null {
  if (result.kind === 'failed') return null
  const { status, headers, body } = result
  const told = headers['x-clickhouse-exception-code']
  if (told !== undefined && /^\d{1,5}$/.test(told)) return Number(told)
  if (status < 400) return null
  const [, code] = /^Code: (\d{1,5})[.,]/.exec(Buffer.from(body.subarray(0, 40)).toString()) ?? []
  return code === undefined ? null : Number(code)
}
