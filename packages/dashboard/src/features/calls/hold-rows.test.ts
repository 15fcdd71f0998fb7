import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdRows } from './hold-rows.ts'

const rows = (...names: string[]) => names.map((uuid) => ({ uuid }))
const names = (held: ReturnType<typeof holdRows>) => held.rows.map(({ row }) => row.uuid)

describe('a live list', () => {
  test('shows everything when nothing was shown', () => {
    expect(holdRows([], rows('b', 'a'))).toMatchObject({ waiting: 0, rows: { length: 2 } })
  })

  test('keeps new rows waiting and tells how many (H2)', () => {
    const held = holdRows(rows('b', 'a'), rows('d', 'c', 'b', 'a'))
    expect([names(held), held.waiting]).toEqual([['b', 'a'], 2])
  })

  test('appends older rows that were asked for', () => {
    expect(names(holdRows(rows('c', 'b'), rows('d', 'c', 'b', 'a')))).toEqual(['c', 'b', 'a'])
  })

  test('keeps a row that left, marked, and shows the others as they are now (H1, H3)', () => {
    const shown = [
      { uuid: 'b', status: 'in_progress' },
      { uuid: 'a', status: 'in_progress' },
    ]
    const held = holdRows(shown, [{ uuid: 'a', status: 'completed' }])
    expect(held.rows).toEqual([
      { row: shown[0], hasLeft: true },
      { row: { uuid: 'a', status: 'completed' }, hasLeft: false },
    ])
  })

  test('never moves a shown row, whatever the server says (H1)', () => {
    const some = fc.uniqueArray(fc.nat(30).map(String), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(some, some, (shown, latest) => {
        const held = holdRows(rows(...shown), rows(...latest))
        expect(names(held).slice(0, shown.length)).toEqual(shown)
      }),
    )
  })
})
