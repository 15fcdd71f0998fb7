// What a failure means for the step, from the server's number and from how far the step had come.
//
// E1. A write whose statement was sent and not answered may have happened: `unknown`.
// E2. A statement that failed has written nothing, save one that was interrupted: a table without
//     transactions keeps what it had by then.
// E3. The detail is a number or a code. Messages hold rows' values and are never repeated.

import type { Effect, FaultVerdict } from '@bookend/core'
import { maybeDone } from '@bookend/core'

export type Stage = 'connecting' | 'statement'

/** Connections, shut-down, locks, a server that is read-only for now. */
const LATER = new Set([1040, 1129, 1203, 1205, 1213, 1226, 1290, 1836, 1927, 4031])
const INTERRUPTED = new Set([1053, 1152, 1158, 1159, 1160, 1161, 1317, 1969, 3024])
const CREDENTIAL = new Set([1044, 1045, 1130, 1142, 1143, 1227, 1251, 1698, 1820, 1862, 3118])
const CONFLICT = new Set([1022, 1062, 1169, 1586])

export function classifyMysql(error: unknown, effect: Effect, stage: Stage): FaultVerdict {
  const { errno, code, isServers } = partsOf(error)
  if (!isServers) return classifyLoss(code, effect, stage)
  const detail = `mysql_${errno}`
  if (INTERRUPTED.has(errno)) return maybeDone(stage === 'connecting' ? 'read' : effect, detail)
  if (LATER.has(errno)) return { kind: 'retry', detail }
  if (CREDENTIAL.has(errno)) return { kind: 'auth', detail }
  return { kind: CONFLICT.has(errno) ? 'conflict' : 'refused', detail }
}

function classifyLoss(code: string, effect: Effect, stage: Stage): FaultVerdict {
  if (stage === 'statement') return maybeDone(effect, 'connection_lost')
  const isTls = /cert|^err_(tls|ssl)|^unable_to_|handshake_(no_)?ssl/.test(code)
  return isTls ? { kind: 'refused', detail: 'tls_error' } : { kind: 'retry', detail: code }
}

function partsOf(error: unknown): {
  readonly errno: number
  readonly code: string
  readonly isServers: boolean
} {
  const { errno, code, sqlState } = (error ?? {}) as Readonly<Record<string, unknown>>
  return {
    errno: typeof errno === 'number' ? errno : 0,
    code:
      typeof code === 'string' && /^[A-Z_]{2,60}$/.test(code)
        ? code.toLowerCase()
        : 'not_connected',
    // A system call's error has a number as well, and a negative one.
    isServers: typeof errno === 'number' && errno >= 1_000 && typeof sqlState === 'string',
  }
}
