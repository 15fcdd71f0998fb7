import { describe, expect, test } from 'vitest'
import { renderDuration, renderLimit, renderMs, renderTalk } from './duration.ts'

describe('a duration', () => {
  test.each([
    [412, '412 ms'],
    [1_204, '1.20 s'],
    [48_000, '48.0 s'],
    [252_000, '4 m 12 s'],
    [14_280_000, '3 h 58 m'],
    [172_800_000, '2 d'],
    [-3, '0 ms'],
  ])('of %i ms reads %s', (ms, text) => {
    expect(renderDuration(ms)).toBe(text)
  })

  test('keeps its thousands together in a waterfall', () => {
    expect(renderMs(12_010)).toBe('12\u202f010 ms')
  })

  test('reads as a limit the way it is written in a workflow', () => {
    expect([2_000, 4_750, 300].map(renderLimit)).toEqual(['2\u00a0s', '4.75\u00a0s', '300\u00a0ms'])
  })

  test('of a conversation counts minutes and hours', () => {
    expect([48, 252, 3_852].map(renderTalk)).toEqual(['00:48', '04:12', '1:04:12'])
  })
})
