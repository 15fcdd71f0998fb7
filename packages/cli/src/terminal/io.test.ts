import { expect, test } from 'vitest'
import { processIo, wantsColor } from './io.ts'

test('colour is for terminals, unless NO_COLOR, FORCE_COLOR or a dumb one says otherwise', () => {
  expect(wantsColor({}, true)).toBe(true)
  expect(wantsColor({}, false)).toBe(false)
  expect(wantsColor({ NO_COLOR: '1' }, true)).toBe(false)
  expect(wantsColor({ NO_COLOR: '' }, true)).toBe(true)
  expect(wantsColor({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false)
  expect(wantsColor({ FORCE_COLOR: '1' }, false)).toBe(true)
  expect(wantsColor({ TERM: 'dumb' }, true)).toBe(false)
})

test('what a command prints last is not its exit code', () => {
  const io = processIo()
  expect([io.print(''), io.complain('')]).toEqual([undefined, undefined])
})
