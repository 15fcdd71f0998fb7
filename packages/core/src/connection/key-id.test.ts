import { expect, test } from 'vitest'
import { keyId } from './key-id.ts'

test('a key that every system takes stays as it is', () => expect(keyId('bk_1-a')).toBe('bk_1-a'))

test('another is hashed: the same for the same key, and no other', () => {
  const keys = ['run/step', 'run/step#2', 'a:b', 'é', '', 'x'.repeat(65)]
  const ids = keys.map(keyId)
  expect(new Set(ids).size).toBe(keys.length)
  for (const id of ids) expect(id).toMatch(/^bk_[a-z2-7]{32}$/)
  expect(keys.map(keyId)).toEqual(ids)
})
