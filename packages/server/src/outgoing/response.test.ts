import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { declaredLength, decodeBody, decoderOf, readHeaders } from './response.ts'

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
const raw = (...parts: string[]): Buffer[] => parts.map((part) => Buffer.from(part, 'latin1'))

describe('the headers of an answer', () => {
  test('have names in lower case, and repeated ones joined', () => {
    expect({ ...readHeaders(raw('X-A', '1', 'x-b', 'é', 'x-a', '2')) }).toEqual({
      'x-a': '1, 2',
      'x-b': 'é',
    })
  })

  test('pollute nothing (B1)', () => {
    const headers = readHeaders(raw('__proto__', 'polluted', 'constructor', 'x'))
    expect(Object.keys(headers)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(headers['toString']).toBeUndefined()
  })

  test('declare a length, or none', () => {
    expect(declaredLength(readHeaders(raw('content-length', '12')))).toBe(12)
    expect(declaredLength(readHeaders([]))).toBe(-1)
  })
})

describe('a body in a coding nobody asked for', () => {
  const text = 'the body, the body, the body'

  async function read(coding: string, body: Uint8Array, bytesMax = 1_000): Promise<string> {
    try {
      const decode = decoderOf(readHeaders(raw('content-encoding', coding)))
      return Buffer.from(decode ? await decodeBody(decode, body, bytesMax) : body).toString()
    } catch (error) {
      return error instanceof Error ? error.message : 'thrown'
    }
  }

  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['', Buffer.from(text)],
  ])('is read: %s (A12)', async (coding, body) => {
    expect(await read(coding, body)).toBe(text)
  })

  test.each(['gzip, gzip', 'identity, gzip', 'br,gzip', 'zstd', 'compress', 'toString'])(
    'is refused if nested or unknown: %s (A12)',
    async (coding) => {
      expect(await read(coding, gzipSync(text))).toBe('unsupported_encoding')
    },
  )

  test.each(['gzip', 'deflate', 'br'])(
    'is refused if it is not in the coding: %s (A12)',
    async (coding) => {
      expect(await read(coding, Buffer.from('plain text'))).toBe('unsupported_encoding')
      expect(await read(coding, gzipSync(text).subarray(0, 12))).toBe('unsupported_encoding')
    },
  )

  test('is cut exactly past the cap (A12)', async () => {
    expect(await read('gzip', gzipSync('x'.repeat(100)), 100)).toBe('x'.repeat(100))
    expect(await read('gzip', gzipSync('x'.repeat(101)), 100)).toBe('response_too_large')
    expect(await read('gzip', gzipSync('x'), 0)).toBe('response_too_large')
    expect(await read('gzip', Buffer.alloc(0), 0)).toBe('')
  })

  test.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000), quick)],
  ])('is no bomb: %s (A12)', async (coding, bomb) => {
    const before = process.memoryUsage.rss()
    expect(await read(coding, bomb, 65_536)).toBe('response_too_large')
    expect(process.memoryUsage.rss() - before).toBeLessThan(30_000_000)
  })
})
