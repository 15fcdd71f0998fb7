import { expect, test } from 'vitest'
import { answerText } from './answer-text.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

test('an answer is kept to its first 8 KiB, without half a character', () => {
  expect(answerText(bytes('{"error":"no such order"}'))).toBe('{"error":"no such order"}')
  expect(answerText(bytes('x'.repeat(9_000)))).toHaveLength(8_192)
  expect(answerText(bytes(`${'x'.repeat(8_191)}é`))).toBe('x'.repeat(8_191))
})

test('an answer that is no text, or holds what cannot be stored, is kept all the same (E4)', () => {
  expect(answerText(Uint8Array.of(0xff, 0x41, 0x00))).toBe('\uFFFDA\uFFFD')
})
