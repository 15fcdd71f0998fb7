import { describe, expect, test } from 'vitest'
import { createGroupWork } from './group-work.ts'

class Away extends Error {}

function setUp({ lanes = 1, groupMax = 3 } = {}) {
  const groups: (readonly string[])[] = []
  const release: (() => void)[] = []
  let isHeld = false
  const work = createGroupWork<string, string>({
    lanes,
    groupMax,
    isShared: (error) => error instanceof Away,
    async run(pieces) {
      groups.push(pieces)
      if (isHeld) await new Promise<void>((resolve) => release.push(resolve))
      if (pieces.includes('away')) throw new Away()
      if (pieces.includes('poison')) throw new Error('poison')
      return pieces.map((piece) => piece.toUpperCase())
    },
  })
  return { work, groups, release, hold: () => void (isHeld = true) }
}

describe('work in groups', () => {
  test('waits for nobody, and gathers what comes while it is busy (G1)', async () => {
    const { work, groups, release, hold } = setUp()
    expect(await work('a')).toBe('A')
    hold()
    const first = work('b')
    while (release.length === 0) await new Promise(setImmediate)
    const rest = ['c', 'd', 'e', 'f'].map((piece) => work(piece))
    for (let freed = 0; freed < 3; freed += 1) {
      while (release.length === 0) await new Promise(setImmediate)
      release.shift()?.()
    }
    expect(await Promise.all([first, ...rest])).toEqual(['B', 'C', 'D', 'E', 'F'])
    expect(groups).toEqual([['a'], ['b'], ['c', 'd', 'e'], ['f']])
  })

  test('gives the neighbours of a piece that fails their results (G2, F23)', async () => {
    const { work } = setUp()
    const results = await Promise.allSettled([work('a'), work('poison'), work('b')])
    expect(results).toMatchObject([
      { status: 'fulfilled', value: 'A' },
      { status: 'rejected', reason: { message: 'poison' } },
      { status: 'fulfilled', value: 'B' },
    ])
  })

  test('tells everybody of a failure that is everybody’s, and tries nothing again (G2)', async () => {
    const { work, groups } = setUp()
    const results = await Promise.allSettled([work('a'), work('away')])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(groups).toHaveLength(1)
  })
})
