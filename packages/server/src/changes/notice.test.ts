import { expect, test } from 'vitest'
import { decodeNotice, encodeNotices } from './notice.ts'
import type { Change } from './change.ts'

const changes = Array.from({ length: 300 }, (_, n): Change => {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  return { topic: 'runs', workspaceId: id, id, callId: n % 2 === 0 ? id : null }
})

test('any number of changes fits, in texts that PostgreSQL takes', () => {
  const texts = encodeNotices('boot', changes)
  expect(texts.length).toBeGreaterThan(1)
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(8_000)
  const read = texts.map(decodeNotice)
  expect(read.flatMap((notice) => notice?.changes ?? [])).toEqual(changes)
  expect(new Set(read.map((notice) => notice?.boot))).toEqual(new Set(['boot']))
})

test('nothing to tell is no text', () => {
  expect(encodeNotices('boot', [])).toEqual([])
})

test.each(['', 'reload', '{}', '["boot",["people","w","p",null]]'])('%j is not ours', (text) => {
  expect(decodeNotice(text)).toBeNull()
})
