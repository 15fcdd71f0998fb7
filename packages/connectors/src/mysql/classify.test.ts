import { expect, test } from 'vitest'
import { classifyMysql } from './classify.ts'

const told = (errno: number) => ({ errno, sqlState: 'HY000', code: 'ER_X', message: 'hunter2' })

test.each([
  [1213, 'write', 'retry'],
  [1205, 'write', 'retry'],
  [1290, 'write', 'retry'],
  [1969, 'write', 'unknown'],
  [3024, 'read', 'retry'],
  [1045, 'read', 'auth'],
  [1142, 'write', 'auth'],
  [1062, 'write', 'conflict'],
  [1406, 'write', 'refused'],
] as const)('number %i of a %s is %s (E2, E3)', (errno, effect, kind) => {
  expect(classifyMysql(told(errno), effect, 'statement')).toEqual({
    kind,
    detail: `mysql_${errno}`,
  })
})

test('what was lost before it was sent may be tried again, and after it nobody can tell (E1)', () => {
  const lost = { errno: -104, code: 'ECONNRESET', syscall: 'read' }
  expect(classifyMysql(lost, 'write', 'connecting')).toEqual({
    kind: 'retry',
    detail: 'econnreset',
  })
  expect(classifyMysql(lost, 'write', 'statement')).toMatchObject({ kind: 'unknown' })
  expect(classifyMysql(lost, 'read', 'statement')).toMatchObject({ kind: 'retry' })
  expect(classifyMysql(null, 'read', 'connecting')).toMatchObject({ kind: 'retry' })
})

test('a certificate that is not trusted is refused', () => {
  for (const code of [
    'CERT_HAS_EXPIRED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])
    expect(classifyMysql({ code }, 'read', 'connecting')).toEqual({
      kind: 'refused',
      detail: 'tls_error',
    })
})
