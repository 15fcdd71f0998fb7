// Executions of one run over a journal in memory and a clock that tests move.

import type { FakeClock } from '../../testing/fake-clock.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import type { MemoryRun } from '../../testing/memory-journal.ts'
import { memoryRun } from '../../testing/memory-journal.ts'
import type { JourneyContext, JourneyWorkflow } from '../definition.ts'
import type { JourneyEnding, JourneyRuntime } from '../run.ts'
import { runJourney } from '../run.ts'

const event = { event_id: 'evt_1', event_type: 'test.event', created_at: '', payload: {} }

export interface Execution {
  readonly ending: Promise<JourneyEnding>
  readonly stop: AbortController
  readonly abort: AbortController
}

export type Body = (context: JourneyContext) => Promise<unknown>

export const setUp = (): { clock: FakeClock; run: MemoryRun } => {
  const clock = fakeClock()
  return { clock, run: memoryRun(clock) }
}

export const journeyOf = (run: Body): JourneyWorkflow => ({
  kind: 'journey',
  name: 'test',
  on: 'test.event',
  connections: {},
  matches: () => true,
  keyOf: () => null,
  run,
})

/** One execution of a run; several on one `memoryRun` are the restarts of it. */
export function execute(
  clock: FakeClock,
  run: MemoryRun,
  body: Body,
  rest: Partial<JourneyRuntime> = {},
): Execution {
  const [stop, abort] = [new AbortController(), new AbortController()]
  const ending = runJourney(
    journeyOf(body),
    { runId: 'run', event, call: null, connections: {} },
    {
      clock,
      journal: run.open(),
      slots: { take: async () => () => undefined },
      random: () => 0,
      enter: (_, work) => work(),
      stop: stop.signal,
      abort: abort.signal,
      isPressed: () => false,
      ...rest,
    },
  )
  return { ending, stop, abort }
}
