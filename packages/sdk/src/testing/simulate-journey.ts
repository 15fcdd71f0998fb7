// A journey under test: the runtime of the server, a journal in memory, and virtual time.
//
//   start ─▶ runs until it ends or only waits ─▶ advance('24h') ─▶ runs on ─▶ …
//
// T1. Time passes by itself while steps run; a sleep, and the wait before another attempt, pass when
//     the test says so.
// T2. What comes in from outside, and `restart`, begin another execution over the journal, as after a
//     restart of the server: what stands between steps is run again.

import type { JsonObject } from '@bookend/contract'
import type {
  Duration,
  JourneyEnding,
  JourneyEvent,
  JourneyJournal,
  JourneyWorkflow,
} from '@bookend/core'
import { checkAnswer, parseDuration, runJourney } from '@bookend/core'
import { memoryRun } from '@bookend/core/testing/memory-journal'
import type { Fakes } from './fake.ts'
import { FakeError } from './fake.ts'
import { type Effected, fakeConnections } from './fake-connections.ts'
import type { CalendarsUnderTest, WorkflowSource } from './load-workflow.ts'
import { loadWorkflow } from './load-workflow.ts'
import type { MadeUpCall } from './made-up-call.ts'
import { madeUpCall } from './made-up-call.ts'
import { getStep } from './simulate.ts'
import { virtualClock } from './virtual-clock.ts'

/** What begins it: a call, for journeys on an event of calls, and what the event says. */
export interface JourneyStart {
  readonly call?: MadeUpCall
  readonly event?: Partial<JourneyEvent>
  /** The instant at which it begins. */
  readonly at?: Date
  /** What `business_hours` of a YAML workflow knows. */
  readonly calendars?: CalendarsUnderTest
}

type MemoryRun = ReturnType<typeof memoryRun>
type MemoryStep = MemoryRun['steps'] extends Map<string, infer S> ? S : never

export interface SimulatedJourney {
  /** `not_started`: its `if` said no. */
  readonly status: 'not_started' | 'waiting' | 'completed' | 'failed'
  readonly error: string | null
  /** Writes that were answered, in their order. */
  readonly effects: readonly Effected[]
  readonly steps: readonly MemoryStep[]
  /** The instant it is for the journey. */
  readonly now: Date
  /** @throws {FakeError} The run has no step of that name so far. */
  step(name: string): MemoryStep
  /** Lets so much time pass, and what is due in it happen. */
  advance(duration: Duration): Promise<void>
  /** Lets time pass until it has ended, however long that takes. */
  finish(): Promise<void>
  /** What it emitted itself. */
  readonly emitted: readonly JourneyEvent[]
  /** What it tagged its call with. */
  readonly tags: readonly string[]
  /** Calls that it has scheduled. */
  readonly calls: MemoryRun['calls']
  /** An event comes in, for those of its steps that wait for one. */
  emit(eventType: string, payload?: JsonObject): Promise<void>
  /**
   * A person answers a handoff of it.
   *
   * @throws {FakeError} It is not open, or its form refuses the answer.
   */
  answer(handoff: string, answer: JsonObject): Promise<void>
  /** The process ends where the journey waits, and another goes on with it. */
  restart(): Promise<void>
}

const EXECUTIONS_MAX = 10_000

/**
 * Starts a journey with fakes for its connections and runs it as far as it goes without waiting.
 *
 * @throws {FakeError} A fake is missing, or is what its connector could never be.
 */
export async function simulateJourney(
  source: WorkflowSource<JourneyWorkflow>,
  {
    call: given,
    event: partial,
    calendars,
    at = new Date('2026-03-02T15:05:05.000Z'),
  }: JourneyStart = {},
  fakes: Fakes = {},
): Promise<SimulatedJourney> {
  const clock = virtualClock(at)
  const now = (): Date => clock.now()
  const journey = await loadWorkflow('journey', source, { now, calendars })
  const { connections } = journey
  const faked = fakeConnections({ connections, fakes, clock, mode: 'all' })
  const isAboutCall = given !== undefined || journey.on.startsWith('call.')
  const call = isAboutCall ? madeUpCall(given) : null
  const event: JourneyEvent = {
    event_id: 'evt_simulated',
    event_type: journey.on,
    created_at: at.toISOString(),
    payload: call === null ? {} : { call_id: call.uuid },
    ...partial,
  }
  const run = memoryRun(clock)
  const isStarted = journey.matches({ event, call })
  let ending: JourneyEnding | null = null
  let dueMs = 0
  let stop = new AbortController()
  /** Where the test stands in time: a run says only after a moment that it waits. */
  let hereMs = 0
  let recordedAtMs = 0

  function openJournal(): JourneyJournal {
    const journal = run.open()
    const noted = <R>(recorded: Promise<R>): Promise<R> => {
      recordedAtMs = clock.monotonicMs()
      return recorded
    }
    return {
      ...journal,
      begin: (step, attempts) => noted(journal.begin(step, attempts)),
      postpone: (name, attempts, waitMs) => noted(journal.postpone(name, attempts, waitMs)),
      finish: (step, outcome, attempts, use) => noted(journal.finish(step, outcome, attempts, use)),
      sleep: (step, durationMs) => noted(journal.sleep(step, durationMs)),
      wake: (name) => noted(journal.wake(name)),
      emit: (step, emitted) => noted(journal.emit(step, emitted)),
      tag: (step, tag) => noted(journal.tag(step, tag)),
    }
  }

  function execute(): void {
    ending = null
    run.status = 'running'
    stop = new AbortController()
    runJourney(
      journey,
      { runId: 'simulated', event, call, connections: faked.handles },
      {
        clock,
        journal: openJournal(),
        slots: { take: async () => () => undefined },
        random: () => 0,
        enter: (step, work) => faked.enter(step, work),
        stop: stop.signal,
        abort: new AbortController().signal,
        listen: (listener) => run.listen(listener),
        isPressed: () => true,
      },
    ).then(
      (value) => {
        ending = value
        if (value.kind === 'parked') dueMs = clock.monotonicMs() + value.waitMs
      },
      (error: unknown) => (ending = { kind: 'broken', error }),
    )
  }

  const isOver = (): boolean => ending?.kind === 'completed' || ending?.kind === 'failed'

  /** Checks what came out; a run that was put aside while it waits is begun again when it is due. */
  function settled(): void {
    faked.check()
    if (ending?.kind === 'broken') throw ending.error
  }

  async function runToWait(): Promise<void> {
    execute()
    await clock.passUntil(() => ending !== null || run.status === 'waiting')
    settled()
    hereMs = Math.max(hereMs, recordedAtMs)
  }

  async function pass(untilMs: number): Promise<void> {
    for (let execution = 0; execution < EXECUTIONS_MAX; execution += 1) {
      await clock.passUntil(() => ending !== null, untilMs)
      settled()
      if (ending?.kind !== 'parked') return
      if (dueMs > untilMs) return clock.jumpTo(untilMs)
      clock.jumpTo(dueMs)
      execute()
    }
    throw new FakeError(`Journey "${journey.name}" does not end`)
  }

  /** Another execution goes on from the journal, to where it waits. */
  async function goOn(): Promise<void> {
    if (isOver() || !isStarted) return
    stop.abort()
    await clock.passUntil(() => ending !== null)
    await runToWait()
  }

  function noHandoff(name: string): FakeError {
    const open = [...run.steps.values()]
      .filter(({ kind, status }) => kind === 'human' && status === 'waiting')
      .map((step) => step.name)
    const known = open.length === 0 ? 'none is' : `open: ${open.join(', ')}`
    return new FakeError(`No handoff "${name}" is open; ${known}`)
  }

  function checkHandoff(name: string, given: JsonObject): JsonObject {
    const handoff = run.steps.get(name)?.handoff
    if (handoff === undefined || handoff === null) throw noHandoff(name)
    const checked = checkAnswer(handoff.form, given)
    if (checked.ok) return checked.answer
    const [issue] = checked.issues
    throw new FakeError(
      `The form of "${name}" refuses the answer; ${issue?.path}: ${issue?.message}`,
    )
  }

  if (isStarted) await runToWait()

  return {
    get status() {
      if (!isStarted) return 'not_started'
      return ending?.kind === 'completed' || ending?.kind === 'failed' ? ending.kind : 'waiting'
    },
    get error() {
      return ending?.kind === 'failed' ? ending.error : null
    },
    effects: faked.effects,
    emitted: run.emitted,
    tags: run.tags,
    calls: run.calls,
    get steps() {
      return [...run.steps.values()]
    },
    get now() {
      return new Date(at.getTime() + hereMs)
    },
    step: (name) => getStep([...run.steps.values()], name),
    async advance(duration) {
      hereMs += parseDuration(duration)
      if (!isOver() && isStarted) await pass(hereMs)
    },
    async finish() {
      if (!isOver() && isStarted) await pass(Infinity)
      hereMs = Math.max(hereMs, recordedAtMs)
    },
    async emit(type, payload = {}) {
      run.accept({ type, payload })
      await goOn()
    },
    async answer(name, given) {
      const answer = checkHandoff(name, given)
      if (!run.answer(name, answer)) throw noHandoff(name)
      await goOn()
    },
    restart: goOn,
  }
}
