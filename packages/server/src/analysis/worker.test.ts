import { fakeClock } from '@bookend/core/testing'
import { expect, test, vi } from 'vitest'
import type { Change } from '../changes/change.ts'
import { startAnalyses, type AnalysesOptions } from './worker.ts'

test('a call that ends is looked at when it is told of, not at the next second', async () => {
  const listeners = new Set<(change: Change) => void>()
  const claim = vi.fn<() => Promise<[]>>(() => Promise.resolve([]))
  const changes = {
    publish: () => undefined,
    subscribe: (listener: (change: Change) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const options = { clock: fakeClock(), changes, database: { transaction: claim } }
  // What asks and settles is of no use here: nothing is due.
  const worker = startAnalyses(options as unknown as AnalysesOptions)
  await vi.waitFor(() => expect(claim).toHaveBeenCalledTimes(1), { timeout: 15_000 })
  const tell = (topic: Change['topic']): void => {
    for (const listener of listeners) listener({ topic, workspaceId: 'w', id: 'c', callId: 'c' })
  }
  tell('calls')
  tell('analyses')
  await vi.waitFor(() => expect(claim).toHaveBeenCalledTimes(2), { timeout: 15_000 })
  await worker.close()
  expect(listeners.size).toBe(0)
})
