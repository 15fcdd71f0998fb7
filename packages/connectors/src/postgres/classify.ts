// What a failure means for the step, from the SQLSTATE and from how far the step had come.
//
//   connecting ─▶ statement, in an open transaction ─▶ commit
//
// E1. Before the commit was sent nothing has happened: the server rolls back what it loses.
// E2. A commit without an answer may have happened: `unknown`.
// E3. The detail is a code. Messages hold rows' values and are never repeated.

import type { Effect, FaultVerdict } from '@bookend/core'
import { maybeDone } from '@bookend/core'
import pg from 'pg'

export type Stage = 'connecting' | 'statement' | 'commit'

type Kind = 'retry' | 'auth' | 'conflict' | 'refused'

/** By SQLSTATE, else by its class; what is in neither is refused. */
const KIND_OF: Readonly<Record<string, Kind>> = {
  '08': 'retry', // connection
  '28': 'auth',
  '40': 'retry', // serialisation, deadlock
  '53': 'retry', // too many connections, disk full, no memory
  '57': 'retry', // cancelled, timed out, shut down
  '58': 'retry', // the server's own input and output
  '23505': 'conflict',
  '23P01': 'conflict',
  '55006': 'retry', // in use
  '55P03': 'retry', // lock not available
  '57P04': 'refused', // the database was dropped
}

/** Ends a commit for certain: the transaction was rolled back. */
const ROLLED_BACK = /^(2|3|4)/

export function classifyPostgres(error: unknown, effect: Effect, stage: Stage): FaultVerdict {
  if (!(error instanceof pg.DatabaseError)) return classifyLoss(error, effect, stage)
  const state = error.code ?? ''
  const detail = `sqlstate_${state.toLowerCase()}`
  const isCertain = ROLLED_BACK.test(state) && state !== '40003'
  if (stage === 'commit' && !isCertain) return maybeDone(effect, detail)
  // A write that meets a read-only server has met a failover; a read that writes is wrong.
  if (state === '25006') return { kind: effect === 'write' ? 'retry' : 'refused', detail }
  return { kind: KIND_OF[state] ?? KIND_OF[state.slice(0, 2)] ?? 'refused', detail }
}

function classifyLoss(error: unknown, effect: Effect, stage: Stage): FaultVerdict {
  const code = codeOf(error)
  switch (stage) {
    case 'connecting':
      return isTls(error, code)
        ? { kind: 'refused', detail: 'tls_error' }
        : { kind: 'retry', detail: code ?? 'not_connected' }
    case 'statement':
      return { kind: 'retry', detail: code ?? 'connection_lost' }
    case 'commit':
      return maybeDone(effect, 'lost_at_commit')
  }
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  const { code } = error
  return typeof code === 'string' && /^[A-Z_]{2,60}$/.test(code) ? code.toLowerCase() : undefined
}

const isTls = (error: unknown, code = ''): boolean =>
  /cert|^err_(tls|ssl)|^unable_to_/.test(code) ||
  // The driver gives this one no code.
  (error instanceof Error && error.message === 'The server does not support SSL connections')
