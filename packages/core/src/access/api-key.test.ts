import { KEY_PATTERN } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { apiKeyId, createApiKey, hashApiKey, isApiKey } from './api-key.ts'

describe('an API key (E5)', () => {
  test('has the documented form and is found by its id', () => {
    for (let round = 0; round < 200; round += 1) {
      const { id, key } = createApiKey()
      expect(key).toMatch(KEY_PATTERN)
      expect(apiKeyId(key)).toBe(id)
    }
  })

  test('is known by its hash, which does not hold it', () => {
    const { key, hash } = createApiKey()
    expect(isApiKey(key, hash)).toBe(true)
    expect(isApiKey(createApiKey().key, hash)).toBe(false)
    expect(Buffer.from(hash).toString('latin1')).not.toContain(key.slice(-20))
  })

  test('is never made twice', () => {
    const keys = Array.from({ length: 500 }, () => createApiKey().key)
    expect(new Set(keys).size).toBe(500)
  })

  test.each(['', 'bk_', 'sk_abcdefghijkl_x', 'bk_abc_def', 'bk_abcdefghijkl_short', 'Bearer x'])(
    'is not %j',
    (text) => {
      expect(apiKeyId(text)).toBeNull()
    },
  )

  test('hashes to 32 bytes', () => {
    expect(hashApiKey('anything')).toHaveLength(32)
  })
})
