import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSecrets } from './secrets.ts'

const secrets = createSecrets(randomBytes(32))

test('a credential opens where it belongs', () => {
  const sealed = secrets.encrypt('tøken', 'agents.auth_token:w:a')
  expect(secrets.decrypt(sealed, 'agents.auth_token:w:a')).toBe('tøken')
  expect(sealed.includes('tøken')).toBe(false)
})

test('moved to another row, under another key, changed or cut short, it does not open (S1, S2)', () => {
  const sealed = secrets.encrypt('token', 'agents.auth_token:w:a')
  expect(() => secrets.decrypt(sealed, 'agents.auth_token:w:b')).toThrow('cannot be opened')
  expect(() => createSecrets(randomBytes(32)).decrypt(sealed, 'agents.auth_token:w:a')).toThrow(
    'cannot be opened',
  )
  const changed = Buffer.from(sealed)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  expect(() => secrets.decrypt(changed, 'agents.auth_token:w:a')).toThrow('cannot be opened')
  expect(() => secrets.decrypt(sealed.subarray(0, 20), 'agents.auth_token:w:a')).toThrow(
    'cannot be opened',
  )
})
