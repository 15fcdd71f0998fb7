import { createApiKey } from '@bookend/core'
import { describe, expect, test, vi } from 'vitest'
import type { KeyRow } from '../store/postgres/keys.ts'
import { createAuthenticator } from './authenticate.ts'

function open() {
  const rows = new Map<string, KeyRow>()
  const onUse = vi.fn<(key: KeyRow) => void>()
  const findKey = (id: string): KeyRow | undefined => rows.get(id)
  const authenticator = createAuthenticator(
    { findKey, maskRule: () => 'viewers' },
    {} as never,
    onUse,
  )
  const { id, key, hash } = createApiKey()
  const row = { id, hash: Buffer.from(hash), workspace_id: 'w', scopes: ['admin'], label: 'l' }
  rows.set(id, row as unknown as KeyRow)
  return { rows, onUse, authenticator, id, key }
}

const refused = { code: 'unauthenticated' }

describe('a key (H1, H3)', () => {
  test('is good again and again, and each use is noted', () => {
    const { authenticator, key, onUse } = open()
    for (const _ of [1, 2, 3]) {
      expect(authenticator.accessOfKey(key)).toMatchObject({ workspaceId: 'w' })
    }
    expect(onUse).toHaveBeenCalledTimes(3)
  })

  test('that was good is refused once it is gone', () => {
    const { authenticator, key, id, rows } = open()
    authenticator.accessOfKey(key)
    rows.delete(id)
    expect(() => authenticator.accessOfKey(key)).toThrow(expect.objectContaining(refused))
  })

  test('that was good is refused once another has its id', () => {
    const { authenticator, key, id, rows } = open()
    authenticator.accessOfKey(key)
    const hash = Buffer.from(createApiKey().hash)
    rows.set(id, { ...rows.get(id), hash } as unknown as KeyRow)
    expect(() => authenticator.accessOfKey(key)).toThrow(expect.objectContaining(refused))
  })

  test('with another secret is refused, also after the good one', () => {
    const { authenticator, key, onUse } = open()
    authenticator.accessOfKey(key)
    const wrong = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
    expect(() => authenticator.accessOfKey(wrong)).toThrow(expect.objectContaining(refused))
    expect(onUse).toHaveBeenCalledTimes(1)
  })
})
