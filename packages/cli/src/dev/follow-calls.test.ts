import type { CallListItem } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { createColors } from 'picocolors'
import { describe, expect, test } from 'vitest'
import { CALL_ID } from '../testing/fixtures.ts'
import { renderArrival, renderProgress } from './call-line.ts'
import { followCalls } from './follow-calls.ts'

const plain = createColors(false)
const nothing = { total: 0, completed: 0, failed: 0, waiting: 0 }

const call = (given: Partial<CallListItem> = {}): CallListItem =>
  ({
    uuid: CALL_ID,
    status: 'in_progress',
    from_number: '+15550100001',
    to_number: '+15550100900',
    agent_name: 'Reception',
    pre_call: { status: 'partial', duration_ms: 84, budget_ms: 4_500, missing_count: 1 },
    journeys: nothing,
    ...given,
  }) as CallListItem

/** Each look finds what the next of these is; the last ends the following. */
async function follow(...looks: (readonly CallListItem[] | Error)[]): Promise<string[]> {
  const told: string[] = []
  const stop = new AbortController()
  let look = 0
  const client = {
    call: () => {
      const found = looks[look]
      look += 1
      if (look >= looks.length) stop.abort()
      return found instanceof Error ? Promise.reject(found) : Promise.resolve({ calls: found })
    },
  } as unknown as Client
  await followCalls({
    client,
    signal: stop.signal,
    everyMs: 1,
    onArrival: ({ uuid }) => told.push(`arrival ${uuid.slice(-1)}`),
    onProgress: ({ status, journeys }) => told.push(`${status} ${journeys.completed}`),
  })
  return told
}

describe('calls as they come', () => {
  const ended = call({ status: 'completed' })
  const done = call({ status: 'completed', journeys: { ...nothing, total: 1, completed: 1 } })

  test('are told once when they come in, and when they got somewhere (C1)', async () => {
    const told = await follow([], [call()], [call()], [ended], [ended], [done])
    expect(told).toEqual(['arrival e', 'completed 0', 'completed 1'])
  })

  test('that were there before are not told (C2)', async () => {
    expect(await follow([ended], [ended])).toEqual([])
  })

  test('are told by the next look when one fails (C3)', async () => {
    expect(await follow([], new Error('away'), [call()])).toEqual(['arrival e'])
  })

  test('are a line each', () => {
    const at = new Date(2026, 2, 1, 8, 2, 3)
    expect(renderArrival(call(), at, plain)).toMatch(
      /^08:02:03 {2}\+15550100001 ▸ \+15550100900 +▲ with defaults +84 ms of 4.500 ms, 1 missing +Reception$/,
    )
    const failed = call({ journeys: { total: 2, completed: 1, failed: 1, waiting: 0 } })
    expect(renderProgress(failed, at, plain)).toMatch(/✗ failed +2 journeys, 1 completed, 1 failed/)
    expect(renderArrival(call({ from_number: '\u001b[2J' }), at, plain)).not.toContain('\u001b')
  })
})
