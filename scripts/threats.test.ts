// The table of `docs/guides/security.md` and the tests it names: each file is there and names its row.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const page = readFileSync(join(root, 'docs/guides/security.md'), 'utf8')
const LAST = { A: 18, B: 9, C: 14, D: 12, E: 16 } as const

interface Row {
  readonly id: string
  readonly attempt: string
  readonly happens: string
  readonly files: readonly string[]
  readonly isOpen: boolean
}

const rows: readonly Row[] = page.split('\n').flatMap((line) => {
  const [, id, attempt = '', happens = '', files = ''] =
    /^\| ([A-E]\d{1,2}) \| (.+?) \| (.+?) \| (.+?) \|$/.exec(line) ?? []
  if (id === undefined) return []
  const named = [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file)
  return [{ id, attempt, happens, files: named, isOpen: files.trim() === 'none yet' }]
})

describe('the page on security', () => {
  test('has each row once, in order', () => {
    const expected = Object.entries(LAST).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
    )
    expect(rows.map(({ id }) => id)).toEqual(expected)
  })

  test.each(rows.filter(({ isOpen }) => !isOpen).map((row) => [row.id, row] as const))(
    'names tests of %s that are there, and that name it',
    (id, { files }) => {
      expect(files).not.toEqual([])
      for (const file of files) {
        expect([file, existsSync(join(root, file))]).toEqual([file, true])
        const source = readFileSync(join(root, file), 'utf8')
        expect([file, new RegExp(`\\b${id}\\b`).test(source)]).toEqual([file, true])
        expect(file).toMatch(/\.test\.tsx?$/)
      }
    },
  )

  test('says of the rows of outgoing requests and answers that all have tests', () => {
    expect(rows.filter(({ id, isOpen }) => isOpen && /^[AB]/.test(id))).toEqual([])
  })
})
