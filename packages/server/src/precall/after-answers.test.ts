import { createId } from '@bookend/core'
import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import type { Database } from '../store/database.ts'
import { AfterAnswers } from './after-answers.ts'
import { type Asked, type AskedAfter, nothing } from './asked.ts'
import type { KeptRecord } from './call-record.ts'

function open() {
  const clock = fakeClock()
  const noted: unknown[][] = []
  const database = {
    query: async (_sql: string, values: unknown[]) => {
      noted.push(values)
      return []
    },
  } as unknown as Database
  const log = { info() {}, warn() {}, error() {} }
  const changes = { publish() {} }
  const recorder = { recorded: () => Promise.resolve() }
  const answers = new AfterAnswers({ recorder, database, changes, clock, log })

  let running = 0
  let most = 0
  const ends: ((ended: AskedAfter) => void)[] = []
  const after = (): Promise<AskedAfter> => {
    running += 1
    most = Math.max(most, running)
    return new Promise((resolve) =>
      ends.push((ended) => {
        running -= 1
        resolve(ended)
      }),
    )
  }
  const start = (): void => {
    const run = { workspace_id: 'w', id: createId(clock.now()), workflow: 'intake', parameters: {} }
    const asked = { ...nothing, workflow: 'intake', status: 'answered', steps: [], after }
    answers.start({ call: null, run } as unknown as KeptRecord, asked as unknown as Asked)
  }
  const errors = () => noted.map((values) => values.at(-1))
  return { answers, clock, start, ends, errors, counts: () => ({ running, most }) }
}

const DONE: AskedAfter = { steps: [], error: null }

describe('what follows an answer', () => {
  test('begins in a later turn of the loop than the answer (T1)', async () => {
    const { start, clock, counts } = open()
    start()
    expect(counts().running).toBe(0)
    await clock.advance(0)
    expect(counts().running).toBe(1)
  })

  test('works a hundred at once, and the others when there is room (T3)', async () => {
    const { start, clock, ends, counts } = open()
    for (let index = 0; index < 150; index += 1) start()
    await clock.advance(0)
    expect(counts().running).toBe(100)
    for (let ended = 0; ended < 150; ended += 1) {
      ends[ended]?.(DONE)
      await clock.advance(0)
    }
    expect(ends).toHaveLength(150)
    expect(counts()).toEqual({ running: 0, most: 100 })
  })

  test('is not done beyond what may wait, and the run says so (T3)', async () => {
    const { start, clock, errors, counts } = open()
    for (let index = 0; index < 2_100; index += 1) start()
    await clock.advance(0)
    expect(errors()).toEqual([])
    start()
    await clock.advance(0)
    expect(errors()).toEqual([expect.stringContaining('too many answers')])
    expect(counts().running).toBe(100)
  })

  test('is told with the run when it failed', async () => {
    const { start, clock, ends, errors, answers } = open()
    start()
    await clock.advance(0)
    ends[0]?.({ steps: [], error: 'no such desk' })
    await answers.close()
    expect(errors()).toEqual(['After the answer: no such desk'])
  })
})
