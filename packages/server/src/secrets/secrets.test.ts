import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSecrets } from './secrets.ts'

const secrets = createSecrets(randomBytes(32))

test('a credential opens where it belongs', () => {
  const sealed = secrets.encrypt('tøken', 'agents.auth_token:w:a')
  expect(secrets.decrypt(sealed, 'agents.auth_token:w:a')).toBe('tøken')
  expect(sealed.includes('tøken')).toBe(false)
})

test('moved to another row, under another key, changed or cut short, it does not open (S1, S2, E7)', () => {
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

test('an earlier key opens what it sealed, and seals nothing (S3)', () => {
  const [old, next] = [randomBytes(32), randomBytes(32)]
  const before = createSecrets(old)
  const sealed = before.encrypt('token', 'x:w:a')
  const both = createSecrets(next, [old, old, next])
  expect(both.decrypt(sealed, 'x:w:a')).toBe('token')
  expect(both.previousKeyIds).toEqual([before.keyId])
  const anew = both.encrypt('token', 'x:w:a')
  expect(createSecrets(next).decrypt(anew, 'x:w:a')).toBe('token')
  expect(() => before.decrypt(anew, 'x:w:a')).toThrow('cannot be opened')
  expect(anew.subarray(0, 5)).toEqual(both.prefix)
})

test('a key that is taken up opens and seals from then on, and the one before opens (S3)', () => {
  const keyring = createSecrets(randomBytes(32))
  const { keyId } = keyring
  const sealed = keyring.encrypt('token', 'x:w:a')
  const fresh = randomBytes(32)
  keyring.use(fresh)
  expect(keyring.decrypt(sealed, 'x:w:a')).toBe('token')
  expect(keyring.previousKeyIds).toEqual([keyId])
  expect(createSecrets(fresh).decrypt(keyring.encrypt('a', 'b'), 'b')).toBe('a')
})

test('the key id is bound in: a value does not open under another one’s name (S3)', () => {
  const [one, two] = [createSecrets(randomBytes(32)), createSecrets(randomBytes(32))]
  const sealed = one.encrypt('token', 'x:w:a')
  two.prefix.copy(sealed)
  expect(() => two.decrypt(sealed, 'x:w:a')).toThrow('cannot be opened')
})

test('a value of the first version opens under whichever key sealed it (S4)', () => {
  const [old, next] = [randomBytes(32), randomBytes(32)]
  const sealed = sealFirstVersion(old, 'token', 'x:w:a')
  expect(createSecrets(next, [old]).decrypt(sealed, 'x:w:a')).toBe('token')
  expect(() => createSecrets(next).decrypt(sealed, 'x:w:a')).toThrow('cannot be opened')
  expect(() => createSecrets(next, [old]).decrypt(sealed, 'x:w:b')).toThrow('cannot be opened')
})

function sealFirstVersion(secretKey: Uint8Array, plain: string, context: string): Buffer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'bookend/credentials/1', 32))
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
  cipher.setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), body])
}
