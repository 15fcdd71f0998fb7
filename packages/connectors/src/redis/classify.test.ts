import { describe, expect, test } from 'vitest'
import { classifyRedis } from './classify.ts'

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' })

describe('an error of a server', () => {
  test.each([
    ['LOADING Redis is loading the dataset in memory', 'retry', 'redis_loading'],
    ["READONLY You can't write against a read only replica.", 'retry', 'redis_readonly'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'retry', 'redis_oom'],
    ['ERR max number of clients reached', 'retry', 'redis_too_many_clients'],
    ['NOAUTH Authentication required.', 'auth', 'redis_noauth'],
    ['WRONGPASS invalid username-password pair', 'auth', 'redis_wrongpass'],
    ["NOPERM this user has no permissions to run the 'set' command", 'refused', 'redis_noperm'],
    ['WRONGTYPE Operation against a key', 'refused', 'redis_wrongtype'],
    ['MOVED 3999 127.0.0.1:6381', 'refused', 'redis_moved'],
    ["ERR unknown command 'hunter2'", 'refused', 'redis_err'],
    ['hunter2', 'refused', 'redis_err'],
  ])('"%s" is %s, for a read and for a write', (message, kind, detail) => {
    for (const effect of ['read', 'write'] as const) {
      expect(classifyRedis(reply(message), effect, 'command')).toEqual({ kind, detail })
    }
  })

  test('while the session opens speaks of the credential', () => {
    const message = 'ERR AUTH <password> called without any password configured'
    expect(classifyRedis(reply(message), 'read', 'opening')).toEqual({
      kind: 'auth',
      detail: 'redis_err',
    })
  })
})

test('a command without an answer may have been done (E1)', () => {
  const lost = new Error('Connection is closed.')
  expect(classifyRedis(lost, 'write', 'command').kind).toBe('unknown')
  expect(classifyRedis(lost, 'read', 'command').kind).toBe('retry')
})

test.each([
  ['ECONNREFUSED', 'retry', 'econnrefused'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'refused', 'tls_error'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'refused', 'tls_error'],
  ['of hunter2', 'retry', 'not_connected'],
])('a session that does not open by %s is %s', (code, kind, detail) => {
  expect(classifyRedis({ code }, 'write', 'opening')).toEqual({ kind, detail })
})
