import { expect, test } from 'vitest'
import { findAmbiguity } from './ambiguous-request.ts'

const ambiguity = (...rawHeaders: string[]) => findAmbiguity({ httpVersionMajor: 1, rawHeaders })

test('a header that decides something may be there once, in whatever spelling (C3)', () => {
  expect(ambiguity('Authorization', 'a', 'x', '1', 'AUTHORIZATION', 'b')).toContain('authorization')
  expect(ambiguity('webhook-signature', 'v1,a', 'webhook-signature', 'v1,b')).not.toBeNull()
})

test('others may be repeated', () => {
  expect(ambiguity('cookie', 'a=1', 'cookie', 'b=2', 'accept', '*/*')).toBeNull()
  expect(ambiguity()).toBeNull()
})

test('a body may come in chunks, and in no other coding (C8)', () => {
  expect(ambiguity('Transfer-Encoding', 'Chunked')).toBeNull()
  expect(ambiguity('Transfer-Encoding', 'gzip, chunked')).not.toBeNull()
})

test('HTTP has a version (C8)', () => {
  expect(findAmbiguity({ httpVersionMajor: 0, rawHeaders: [] })).not.toBeNull()
})
