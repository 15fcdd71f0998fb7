import { ConnectorFault } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { checkMessageText, countSegments } from './message-text.ts'

const rules = { link_hosts: ['example.com'], segments_max: 3 }

function detailOf(text: string): string {
  try {
    checkMessageText(text, rules)
    return 'ok'
  } catch (error) {
    return error instanceof ConnectorFault ? error.verdict.detail : String(error)
  }
}

describe('a text message', () => {
  test.each([
    ['', 0, 1],
    ['a', 160, 1],
    ['a', 161, 2],
    ['a', 306, 2],
    ['a', 307, 3],
    ['€', 80, 1],
    ['€', 81, 2],
    ['я', 70, 1],
    ['я', 71, 2],
    ['😀', 35, 1],
    ['😀', 36, 2],
  ])('of %j %i times is %i segments', (one, times, segments) => {
    expect(countSegments(one.repeat(times))).toBe(segments)
  })

  test('keeps its lines, and nothing that a reader cannot see (D12)', () => {
    const raw = '\u202eHello\u200b Zoë\u0000\r\n\u2066soon\u{E0041}\n'
    expect(checkMessageText(raw, rules)).toEqual({ text: 'Hello Zoë\nsoon', segments: 1 })
  })

  test.each([
    'Pay at https://evil.test/x',
    'HTTP://EVIL.TEST',
    'see evil.test',
    'see www.evil.test/a',
    'ask a@evil.test',
    'https://example.com@evil.test/',
    'https://example.com.evil.test/',
    'https://evilexample.com',
    'evil。test',
    'ev\u200bil.test',
    'http://[::1',
    'ftp://evil.test',
    'https://examp\u04cfe.com',
    'пример.рф',
  ])('links nowhere but where it may: %s (D12)', (text) => {
    expect(detailOf(text)).toBe('link_not_allowed')
  })

  test.each([
    'https://example.com/a?b=1#c',
    'book.example.com.',
    'EXAMPLE.COM',
    'At 9.30, for 4.50 e.g. in room B.12',
    'Thanks.See you',
  ])('may say %s', (text) => expect(detailOf(text)).toBe('ok'))

  test.each([
    ['a'.repeat(460), 'text_of_4_segments'],
    ['\u200b\u202e', 'text_is_empty'],
  ])('is refused rather than cut', (text, detail) => expect(detailOf(text)).toBe(detail))
})
