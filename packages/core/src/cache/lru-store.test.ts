import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LruStore } from './lru-store.ts'

const MB = 1_024 * 1_024
const bounds = { entriesMax: 3, bytesMax: MB, entryBytesMax: MB }
const result = (text: string, dropAtMs = 1_000, storedAtMs = 0) => ({ text, storedAtMs, dropAtMs })

describe('the store of results', () => {
  test('lets go of what was used least recently (S1)', () => {
    const store = new LruStore(bounds)
    for (const key of ['a', 'b', 'c']) store.put('w', key, result(key))
    store.find('w', 'a')
    store.put('w', 'd', result('d'))
    expect(['a', 'b', 'c', 'd'].filter((key) => store.find('w', key))).toEqual(['a', 'c', 'd'])
  })

  test('takes it from the workspace that holds most (S2)', () => {
    const store = new LruStore(bounds)
    store.put('quiet', 'q', result('q'))
    for (const key of ['a', 'b', 'c', 'd', 'e']) store.put('loud', key, result(key))
    expect(store.find('quiet', 'q')?.text).toBe('q')
    expect(store.find('loud', 'e')?.text).toBe('e')
    expect(store.entries).toBe(3)
  })

  test('keeps no result that is larger than one may be', () => {
    const store = new LruStore({ ...bounds, entryBytesMax: 300 })
    store.put('w', 'a', result('short'))
    store.put('w', 'a', result('x'.repeat(1_000)))
    expect(store.find('w', 'a')).toBeUndefined()
    expect([store.entries, store.bytes]).toEqual([0, 0])
  })

  test('drops what nobody may be served any more (S3)', () => {
    const store = new LruStore({ ...bounds, entriesMax: 100 })
    store.put('w', 'a', result('a', 10))
    store.put('w', 'b', result('b', 2_000, 500))
    expect(store.entries).toBe(1)
  })

  test('holds its bounds and its sums, whatever is put there (S1)', () => {
    const put = fc.record({
      workspace: fc.constantFrom('a', 'b', 'c'),
      key: fc.string({ maxLength: 2 }),
      length: fc.nat(900),
      atMs: fc.nat(100),
    })
    fc.assert(
      fc.property(fc.array(put, { maxLength: 60, size: 'max' }), (puts) => {
        const store = new LruStore({ entriesMax: 8, bytesMax: 6_000, entryBytesMax: 1_600 })
        for (const { workspace, key, length, atMs } of puts) {
          store.put(workspace, key, result('x'.repeat(length), atMs + 50, atMs))
          expect(store.entries).toBeLessThanOrEqual(8)
          expect(store.bytes).toBeLessThanOrEqual(6_000)
        }
        store.clear()
        expect([store.entries, store.bytes]).toEqual([0, 0])
      }),
    )
  })
})
