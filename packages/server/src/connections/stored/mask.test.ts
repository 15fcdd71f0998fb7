import { expect, test } from 'vitest'
import { holdsPassword, maskAuth, maskSettings } from './mask.ts'

test('a secret is shown by its last four characters, a short one not at all (E6)', () => {
  expect(
    maskAuth({ kind: 'basic', user: 'ada', password: 'short', token: 'long-enough-token-3f2a' }),
  ).toEqual({
    kind: 'basic',
    fields: { user: 'ada', password: '••••', token: '••••3f2a' },
  })
})

test('neither the end of a PEM nor a part of an object is shown', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'a'.repeat(40)}\n`
  expect(maskAuth({ private_key: key, account: { secret: 'planted' } })).toEqual({
    kind: null,
    fields: { private_key: '••••', account: '••••' },
  })
})

test('no credential is null, and a text is one field', () => {
  expect(maskAuth(null)).toBeNull()
  expect(maskAuth('long-enough-token-3f2a')).toEqual({
    kind: null,
    fields: { value: '••••3f2a' },
  })
})

test.each([
  ['postgres://u:pw@h/d', 'postgres://u:••••@h/d'],
  ['postgres://u:pw@/d?host=/run', 'postgres://u:••••@/d?host=/run'],
  ['postgres://u@h/d?password=pw&x=1', 'postgres://u@h/d?password=••••&x=1'],
])('a password in a URL is masked: %s', (url, shown) => {
  expect(maskSettings({ url, size: 1 })).toEqual({ url: shown, size: 1 })
  expect(holdsPassword(url)).toBe(true)
})

test.each(['postgres://u@h/d', 'https://a.example/a:b@c', 'a:b@c'])('%s holds none', (url) => {
  expect(holdsPassword(url)).toBe(false)
})
