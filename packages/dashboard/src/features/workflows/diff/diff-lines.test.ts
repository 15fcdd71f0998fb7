import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffLines, foldSame } from './diff-lines.ts'

const signs = { same: ' ', added: '+', removed: '-' } as const

const render = (before: string, after: string): string =>
  foldSame(diffLines(before, after))
    .map((row) => (row.kind === 'folded' ? `@${row.lines}` : `${signs[row.kind]}${row.text}`))
    .join('\n')

describe('the difference of two texts', () => {
  test('is told by lines, with three of context and the rest counted', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng'
    expect(render(before, before.replace('f', 'F'))).toBe('@2\n c\n d\n e\n-f\n+F\n g')
  })

  test('keeps lines that both have in their place', () => {
    expect(render('one\ntwo\nthree', 'zero\none\nthree')).toBe('+zero\n one\n-two\n three')
  })

  test('of texts that are the same is nothing', () => {
    expect(render('a\nb', 'a\nb')).toBe('@2')
  })

  test('holds both texts whole (D1)', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    fc.assert(
      fc.property(text, text, (old, now) => {
        const rows = diffLines(old.join('\n'), now.join('\n'))
        const without = (kind: string) =>
          rows.filter((row) => row.kind !== kind).map((row) => row.text)
        expect(without('added').join('\n')).toBe(old.join('\n'))
        expect(without('removed').join('\n')).toBe(now.join('\n'))
      }),
    )
  })

  test('of long texts that share nothing is told at once (D2)', () => {
    const lines = (word: string) => Array.from({ length: 8_000 }, (_, at) => `${word}${at}`)
    expect(diffLines(lines('a').join('\n'), lines('b').join('\n'))).toHaveLength(16_000)
  })
})
