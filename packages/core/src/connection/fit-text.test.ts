import { expect, test } from 'vitest'
import { fitText } from './fit-text.ts'

const turns = Array.from({ length: 50 }, (_, at) => `user: turn ${at} of the talk`).join('\n')

test('a text that fits is left as it is', () => expect(fitText('short', 5)).toBe('short'))

test('a longer one ends with a whole turn and where to read on', () => {
  const fitted = fitText(turns, 400, 'https://bookend.example.com/calls/1')
  expect(fitted.length).toBeLessThanOrEqual(400)
  expect(fitted).toMatch(
    /of the talk\n\[… the text goes on: https:\/\/bookend.example.com\/calls\/1\]$/,
  )
})

test.each([1, 5, 30, 37, 64, 399])(
  'is never longer than %i and cuts no character in two',
  (max) => {
    for (const text of ['😀'.repeat(400), 'a'.repeat(400), turns]) {
      const fitted = fitText(text, max)
      expect(fitted.length).toBeLessThanOrEqual(max)
      expect(Buffer.from(fitted).toString()).toBe(fitted)
    }
  },
)
