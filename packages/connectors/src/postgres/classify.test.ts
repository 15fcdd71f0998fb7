import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { classifyPostgres } from './classify.ts'

function refusal(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('value "hunter2" is wrong', 10, 'error')
  error.code = code
  error.detail = 'Key (email)=(hunter2) already exists.'
  return error
}

const lost = (code?: string): Error => Object.assign(new Error('hunter2'), code && { code })

describe('a failure of PostgreSQL', () => {
  test.each([
    ['28P01', 'auth'],
    ['28000', 'auth'],
    ['23505', 'conflict'],
    ['23P01', 'conflict'],
    ['23503', 'refused'],
    ['22P02', 'refused'],
    ['42601', 'refused'],
    ['42501', 'refused'],
    ['3D000', 'refused'],
    ['P0001', 'refused'],
    ['57P04', 'refused'],
    ['40001', 'retry'],
    ['40P01', 'retry'],
    ['53300', 'retry'],
    ['55P03', 'retry'],
    ['57014', 'retry'],
    ['57P01', 'retry'],
    ['57P03', 'retry'],
    ['08006', 'retry'],
  ] as const)('%s of a statement is %s (F10)', (code, kind) => {
    const detail = `sqlstate_${code.toLowerCase()}`
    expect(classifyPostgres(refusal(code), 'write', 'statement')).toEqual({ kind, detail })
    expect(classifyPostgres(refusal(code), 'read', 'statement')).toEqual({ kind, detail })
  })

  test('for a read-only server is a failover to a write and a mistake of a read (F10)', () => {
    expect(classifyPostgres(refusal('25006'), 'write', 'statement').kind).toBe('retry')
    expect(classifyPostgres(refusal('25006'), 'read', 'statement').kind).toBe('refused')
  })

  test.each([
    ['a check that waits for the commit', refusal('23503'), 'refused'],
    ['a serialisation failure', refusal('40001'), 'retry'],
    ['a shutdown', refusal('57P01'), 'unknown'],
    ['a full disk', refusal('53100'), 'unknown'],
    ['an unknown completion', refusal('40003'), 'unknown'],
    ['a reset', lost('ECONNRESET'), 'unknown'],
  ] as const)('at the commit: %s (E2)', (_name, error, kind) => {
    expect(classifyPostgres(error, 'write', 'commit').kind).toBe(kind)
  })

  test.each([
    ['refused', lost('ECONNREFUSED'), 'retry', 'econnrefused'],
    ['never answered', lost(), 'retry', 'not_connected'],
    ['signed by nobody', lost('SELF_SIGNED_CERT_IN_CHAIN'), 'refused', 'tls_error'],
    ['named otherwise', lost('ERR_TLS_CERT_ALTNAME_INVALID'), 'refused', 'tls_error'],
  ] as const)('while connecting: %s', (_name, error, kind, detail) => {
    expect(classifyPostgres(error, 'write', 'connecting')).toEqual({ kind, detail })
  })

  test('that loses the connection before the commit has done nothing (E1)', () => {
    expect(classifyPostgres(lost('EPIPE'), 'write', 'statement')).toEqual({
      kind: 'retry',
      detail: 'epipe',
    })
  })

  test('is told without its message, which holds values (E3)', () => {
    for (const stage of ['connecting', 'statement', 'commit'] as const) {
      for (const error of [refusal('23505'), refusal('22P02'), lost(), lost('hunter2 1')]) {
        expect(JSON.stringify(classifyPostgres(error, 'write', stage))).not.toContain('hunter2')
      }
    }
  })
})
