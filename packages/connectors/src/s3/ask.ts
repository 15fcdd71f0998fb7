// One signed request to an S3 service.
//
// H1. What is stored is checked on arrival: the service compares the sum that is sent along.
// H2. Of a failure only its code is told on: messages quote keys and signatures.

import type { ActionContext, Effect, HttpRequest, Verdict } from '@bookend/core'
import { ConnectorFault, classifyHttp, maybeDone } from '@bookend/core'
import { renderUrl, type QueryValue } from '../rest/render-url.ts'
import type { S3Auth, S3Settings } from './schema.ts'
import { sha256, signRequest } from './sign.ts'

export type Context = ActionContext<S3Settings, S3Auth>

export interface Question {
  readonly effect: Effect
  readonly method: HttpRequest['method']
  /** Left out: the bucket itself. */
  readonly key?: string
  readonly query?: Readonly<Record<string, QueryValue>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly timeoutMs: number
  readonly maxBodyBytes?: number
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const ANSWER_BYTES_MAX = 262_144
const NOTHING = new Uint8Array()

/** @throws {ConnectorFault} Whatever is no success. */
export async function ask(ctx: Context, question: Question): Promise<Answer> {
  const { effect, method, key, query = {}, headers = {}, body = NOTHING, timeoutMs } = question
  const { settings, auth } = ctx
  const url = renderUrl(baseOf(settings), key === undefined ? [] : key.split('/'), query)
  const sum = body === NOTHING ? {} : { 'x-amz-checksum-sha256': sha256(body).toString('base64') }
  const result = await ctx.http.send({
    method,
    url,
    headers: signRequest(
      { method, url, headers: { ...headers, ...sum }, body },
      { auth, region: settings.region, now: ctx.now() },
    ),
    ...(body === NOTHING ? {} : { body }),
    effect,
    totalMs: Math.min(timeoutMs, Math.max(1, ctx.remainingMs())),
    maxBodyBytes: question.maxBodyBytes ?? ANSWER_BYTES_MAX,
    signal: ctx.signal,
  })
  if (result.kind === 'failed') {
    if (result.code === 'response_too_large' && effect === 'read') {
      throw new ConnectorFault({ kind: 'refused', detail: 'answer_too_large' })
    }
    const verdict = classifyHttp(result, effect, ctx.now())
    throw new ConnectorFault(verdict.kind === 'ok' ? maybeDone(effect, result.code) : verdict)
  }
  const { status, headers: heard, body: bytes } = result
  const [, code] = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(textOf(bytes.subarray(0, 4_096))) ?? []
  // The end of an upload in parts may say 200 and fail in its body.
  const isError = status >= 300 || (effect === 'write' && method === 'POST' && code !== undefined)
  if (isError) {
    const byCode = code === undefined ? null : classifyCode(code, effect)
    const verdict = byCode ?? classifyHttp(result, effect, ctx.now())
    throw new ConnectorFault(verdict.kind === 'ok' ? maybeDone(effect, 'failed_inside') : verdict)
  }
  return { status, headers: heard, body: bytes }
}

const baseOf = ({ endpoint, bucket, path_style: isInPath }: S3Settings): string => {
  const { protocol, host } = new URL(endpoint)
  return isInPath ? `${protocol}//${host}/${bucket}` : `${protocol}//${bucket}.${host}`
}

const CREDENTIAL = new Set([
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
  'ExpiredToken',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'AuthorizationHeaderMalformed',
])
const LATER = new Set(['SlowDown', 'ServiceUnavailable', 'RequestLimitExceeded', 'BadDigest'])
const UNCLEAR = new Set(['InternalError', 'RequestTimeout', 'OperationAborted'])

/** Null: the table of statuses says it well. */
function classifyCode(code: string, effect: Effect): Verdict | null {
  const detail = code.replaceAll(/(?<!^)(?=[A-Z])/g, '_').toLowerCase()
  if (CREDENTIAL.has(code)) return { kind: 'auth', detail }
  if (LATER.has(code)) return { kind: 'retry', detail }
  if (UNCLEAR.has(code)) return maybeDone(effect, detail)
  if (code === 'NoSuchKey') return { kind: 'missing', detail }
  if (code === 'PreconditionFailed') return { kind: 'conflict', detail }
  return /^(NoSuch|AccessDenied|Invalid|EntityTooLarge|Malformed)/.test(code)
    ? { kind: 'refused', detail }
    : null
}

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
