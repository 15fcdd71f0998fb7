import { expect, test } from 'vitest'
import { wantsColor } from './io.ts'

test('colour is for terminals, unless NO_COLOR, FORCE_COLOR or a dumb one says otherwise', () => {
  expect(wantsColor({}, true)).toBe(true)
  expect(wantsColor({}, false)).toBe(false)
  expect(wantsColor({ NO_COLOR: '1' }, true)).toBe(false)
  expect(wantsColor({ NO_COLOR: '' }, true)).toBe(true)
  expect(wantsColor({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false)
  expect(wantsColor({ FORCE_COLOR: '1' }, false)).toBe(true)
  expect(wantsColor({ TERM: 'dumb' }, true)).toBe(false)
})
