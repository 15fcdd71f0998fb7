import { expect, test } from 'vitest'
import { tail } from './tail.ts'

interface Row {
  readonly id: string
  readonly state: string
}

/** Looks in turn; each that is missing fails, and the last ends it. */
async function told(looks: readonly (readonly Row[] | null)[]): Promise<string[]> {
  const stop = new AbortController()
  const seen: string[] = []
  let at = -1
  await tail<Row>({
    watch: {
      async next() {
        if (at === looks.length - 1) stop.abort()
      },
    },
    signal: stop.signal,
    look: () => {
      at += 1
      const rows = looks[at] ?? null
      return rows === null ? Promise.reject(new Error('away')) : Promise.resolve(rows)
    },
    stateOf: (row) => row,
    tell: ({ id, state }) => void seen.push(`${id} ${state}`),
  })
  return seen
}

test('a row is told once for each state it is seen in (T1)', async () => {
  const pending = { id: 'a', state: 'pending' }
  const sent = { id: 'a', state: 'sent' }
  const other = { id: 'b', state: 'sent' }
  expect(await told([[pending], [pending], [sent, other], [sent, other]])).toEqual([
    'a pending',
    'a sent',
    'b sent',
  ])
})

test('a look that fails is forgotten, but not the first (T2)', async () => {
  const row = { id: 'a', state: 'sent' }
  expect(await told([[], null, [row]])).toEqual(['a sent'])
  await expect(told([null])).rejects.toThrow('away')
})
