// One request to a CalDAV server, and what its statuses mean.
//
// H1. The credential goes to the origin that was set: paths of answers are compared, never followed.
// H2. A refusal's words are not told on.

import type { ActionContext, Effect, HttpRequest, Verdict } from '@bookend/core'
import { ConnectorFault, classifyHttp, maybeDone } from '@bookend/core'
import { basicAuth } from '../rest/fetch-token.ts'
import type { CaldavAuth, CaldavSettings } from './schema.ts'

export type Context = ActionContext<CaldavSettings, CaldavAuth>

export interface Question {
  readonly effect: Effect
  readonly method: HttpRequest['method']
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

const TIMEOUT_MS = 10_000
const ANSWER_BYTES_MAX = 1_048_576

/** @throws {ConnectorFault} Whatever is no success. */
export async function ask(ctx: Context, question: Question): Promise<Answer> {
  const { effect, headers = {}, ...rest } = question
  const result = await ctx.http.send({
    ...rest,
    headers: { ...headers, authorization: authorizationOf(ctx.auth) },
    effect,
    totalMs: Math.min(TIMEOUT_MS, Math.max(1, ctx.remainingMs())),
    maxBodyBytes: ANSWER_BYTES_MAX,
    signal: ctx.signal,
  })
  if (result.kind === 'failed') {
    if (result.code === 'response_too_large' && effect === 'read') {
      throw new ConnectorFault({ kind: 'refused', detail: 'answer_too_large' })
    }
    const verdict = classifyHttp(result, effect, ctx.now())
    throw new ConnectorFault(verdict.kind === 'ok' ? maybeDone(effect, result.code) : verdict)
  }
  const verdict = classifyDav(result.status) ?? classifyHttp(result, effect, ctx.now())
  if (verdict.kind !== 'ok') throw new ConnectorFault(verdict)
  const text = Buffer.from(result.body).toString()
  return { status: result.status, headers: result.headers, text }
}

/** Null: the table of statuses says it well. */
function classifyDav(status: number): Verdict | null {
  const detail = `http_${status}`
  switch (status) {
    case 404:
    case 410:
      return { kind: 'missing', detail }
    case 409:
      // What a path lies in is not there, or the calendar has its UID already.
      return { kind: 'refused', detail }
    case 423:
      return { kind: 'retry', detail }
    case 507:
      return { kind: 'refused', detail }
    default:
      return null
  }
}

const authorizationOf = (auth: CaldavAuth): string =>
  'token' in auth ? `Bearer ${auth.token}` : basicAuth(auth.user, auth.password)

/** The connection's calendar, or the one beside it that has this name; with a slash at its end. */
export function calendarUrl({ settings }: Context, calendar: string | null): string {
  const own = `${settings.url.replace(/\/+$/, '')}/`
  if (calendar === null) return own
  if (!/^[^/\\]+$/.test(calendar) || /^\.+$/.test(calendar)) {
    throw new ConnectorFault({ kind: 'refused', detail: 'calendar_is_no_name' })
  }
  return new URL(`../${encodeURIComponent(calendar)}/`, own).href
}

export const eventUrl = (calendar: string, id: string): string => {
  if (/^\.+$/.test(id)) throw new ConnectorFault({ kind: 'refused', detail: 'event_is_no_name' })
  return `${calendar}${encodeURIComponent(id)}.ics`
}
