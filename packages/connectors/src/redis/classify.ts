// What a failure means for the step, from the word with which a server's error begins.
//
// E1. A command that was answered with an error was not done; one that was not answered may have been.
// E2. The detail is that word. What follows it may hold a key, and is never repeated.

import type { Effect, FaultVerdict } from '@bookend/core'
import { maybeDone } from '@bookend/core'

/** Loading, busy with a script, failing over, full for now, or about to be another's replica. */
const LATER = new Set([
  'LOADING',
  'BUSY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'READONLY',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
])
const CREDENTIAL = new Set(['NOAUTH', 'WRONGPASS'])

export type Stage = 'opening' | 'command'

export function classifyRedis(error: unknown, effect: Effect, stage: Stage): FaultVerdict {
  const { name, message, code } = (error ?? {}) as Readonly<Record<string, unknown>>
  if (name !== 'ReplyError') {
    return stage === 'command' ? maybeDone(effect, 'connection_lost') : classifyOpening(code)
  }
  const text = typeof message === 'string' ? message : ''
  const word = /^[A-Z]{2,20}(?= )/.exec(text)?.[0] ?? 'ERR'
  const detail = `redis_${word.toLowerCase()}`
  if (LATER.has(word)) return { kind: 'retry', detail }
  if (text.startsWith('ERR max number of clients')) {
    return { kind: 'retry', detail: 'redis_too_many_clients' }
  }
  if (CREDENTIAL.has(word) || stage === 'opening') return { kind: 'auth', detail }
  return { kind: 'refused', detail }
}

function classifyOpening(code: unknown): FaultVerdict {
  const text = typeof code === 'string' && /^[A-Z_]{2,60}$/.test(code) ? code : 'NOT_CONNECTED'
  const isTls = /CERT|^ERR_(TLS|SSL)|^UNABLE_TO_|^EPROTO$/.test(text)
  return isTls
    ? { kind: 'refused', detail: 'tls_error' }
    : { kind: 'retry', detail: text.toLowerCase() }
}
