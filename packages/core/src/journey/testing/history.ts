// One history of a journey's run, from a seed: what it does, what befalls it, what must hold.
//
//   seed ─▶ program ─▶ executions, one after the other or two at once ─▶ faults ─▶ healed ─▶ over
//                            └ after each move: the oracle of `world.ts`
//
// The faults: a process that dies before or after any record or request; one that stalls while another
// takes its run over, and goes on; a record whose answer is lost, and that is made again; answers that
// are late; events and answers of people that come twice; other systems that fail.

import { derivedId } from '../../kernel/id.ts'
import type { FakeClock } from '../../testing/fake-clock.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import type { JournalGuard, MemoryRun } from '../../testing/memory-journal.ts'
import { memoryRun } from '../../testing/memory-journal.ts'
import type { JourneyContext } from '../definition.ts'
import type { JourneyJournal } from '../journal.ts'
import type { ActiveJourneyStep } from '../race-attempt.ts'
import { runJourney, type JourneyEnding } from '../run.ts'
import { journeyOf } from './execute.ts'
import { type Random, seededRandom } from './random.ts'
import { createWorld, Violation, type World } from './world.ts'

/** What can be taken away to see that the simulation finds it. */
export type Guard = JournalGuard | 'unique_run'

const MOVES = 14
const HEALING_MOVES = 300
const WORKSPACE = '018f4c1e-0000-7000-8000-0000000000aa'

type Part =
  | { readonly kind: 'keyed' | 'unkeyed' | 'poison' | 'sleep' | 'wait' | 'human' | 'emit' }
  | { readonly kind: 'both'; readonly parts: readonly [readonly Part[], readonly Part[]] }

function createProgram(random: Random, depth = 0): readonly Part[] {
  const count = 1 + random.below(depth === 0 ? 4 : 2)
  return Array.from({ length: count }, (): Part => {
    const kind = random.pick([
      'keyed',
      'keyed',
      'keyed',
      'unkeyed',
      'sleep',
      'wait',
      'human',
      'emit',
      ...(random.chance(0.2) ? (['poison'] as const) : []),
      ...(depth === 0 ? (['both'] as const) : []),
    ] as const)
    if (kind !== 'both') return { kind }
    return { kind, parts: [createProgram(random, 1), createProgram(random, 1)] }
  })
}

interface Process {
  isDead: boolean
  ending: JourneyEnding | null
  readonly stop: AbortController
}

export interface HistoryResult {
  readonly outcome: 'completed' | 'failed'
  readonly executions: number
}

/** @throws {Violation} Something that must hold did not; the message says which. */
export async function runHistory(
  seed: number,
  without: Guard | null = null,
): Promise<HistoryResult> {
  const random = seededRandom(seed)
  const clock = fakeClock()
  const faults = { areOn: true }
  const fault = (probability: number): boolean => faults.areOn && random.chance(probability)
  const world = createWorld(() => fault(0.15))
  const program = createProgram(random)
  const found: Violation[] = []
  const guard = without === 'unique_run' ? null : without
  const runs = new Map<string, History>()

  /** Takes the event in, as often as it comes. */
  function ingest(): void {
    const id = without === 'unique_run' ? `run-${runs.size}` : derivedId(WORKSPACE, 'evt/test')
    if (runs.has(id)) return
    const run = memoryRun(clock, guard)
    runs.set(id, { id, run, clock, world, program, random, fault, found, processes: [] })
  }

  ingest()
  for (let move = 0; move < MOVES; move += 1) {
    if (random.chance(0.1)) ingest()
    for (const history of runs.values()) makeMove(history)
    await clock.advance(random.pick([0, 0, 5, 40, 1_000, 20_000, 90_000, 7_200_000]))
    check(runs, found)
  }
  faults.areOn = false
  for (const history of runs.values()) await heal(history)
  check(runs, found)
  const [first] = [...runs.values()]
  const last = first?.processes.at(-1)?.ending
  return {
    outcome: last?.kind === 'completed' ? 'completed' : 'failed',
    executions: first?.processes.length ?? 0,
  }
}

interface History {
  readonly id: string
  readonly run: MemoryRun
  readonly clock: FakeClock
  readonly world: World
  readonly program: readonly Part[]
  readonly random: Random
  readonly fault: (probability: number) => boolean
  readonly found: Violation[]
  readonly processes: Process[]
}

function check(runs: ReadonlyMap<string, History>, found: readonly Violation[]): void {
  const [violation] = found
  if (violation !== undefined) throw violation
  for (const { world, run, processes } of runs.values()) {
    world.check(run)
    for (const { ending } of processes) {
      if (ending?.kind === 'parked' && !Number.isFinite(ending.waitMs)) {
        throw new Violation('I3: a parked run has no time at which it goes on')
      }
    }
  }
}

const isOver = ({ processes }: History): boolean =>
  processes.some(({ ending }) => ending?.kind === 'completed' || ending?.kind === 'failed')
const isAtWork = ({ isDead, ending }: Process): boolean => !isDead && ending === null

function makeMove(history: History): void {
  const { random, run, processes } = history
  const current = processes.filter(isAtWork).at(-1)
  if (isOver(history)) return
  if (current === undefined) return void startProcess(history)
  switch (random.below(8)) {
    case 0:
      current.isDead = true
      return
    case 1:
      // Its lease ran out while it stalled: another one has the run, and both go on.
      return void startProcess(history)
    case 2:
      current.stop.abort()
      return
    case 3:
    case 4:
      for (let times = 1 + random.below(2); times > 0; times -= 1) {
        run.accept({ type: 'test.answer', id: 'evt_answer', payload: { n: 1 } })
      }
      return
    case 5:
      for (const { name, kind, status } of run.steps.values()) {
        if (kind === 'human' && status === 'waiting') run.answer(name, { yes: true })
      }
  }
}

/** Nothing goes wrong any more: it must come to an end (I3, I6). */
async function heal(history: History): Promise<void> {
  const { clock, found, processes } = history
  for (let move = 0; move < HEALING_MOVES; move += 1) {
    if (isOver(history) || found.length > 0) return
    const current = processes.filter(isAtWork).at(-1)
    const last = processes.at(-1)?.ending
    if (current === undefined) {
      if (last?.kind === 'parked') await clock.advance(Math.max(0, last.waitMs))
      startProcess(history)
    }
    await clock.advance(60_000)
  }
  throw new Violation('I3: the run did not end, though nothing went wrong any more')
}

function startProcess(history: History): Process {
  const { id, run, clock, random, program } = history
  const process: Process = { isDead: false, ending: null, stop: new AbortController() }
  history.processes.push(process)
  let active: ActiveJourneyStep | undefined
  const event = { event_id: 'evt', event_type: 'test.event', created_at: '', payload: {} }
  void runJourney(
    journeyOf((context) => perform(history, process, context, program, '', () => active)),
    { runId: id, event, call: null, connections: {} },
    {
      clock,
      journal: faultyJournal(history, process),
      slots: { take: async () => () => undefined },
      random: () => random.next(),
      enter: (step, work) => {
        active = step
        return work()
      },
      stop: process.stop.signal,
      abort: new AbortController().signal,
      listen: (listener) => run.listen(() => (process.isDead ? undefined : listener())),
      isPressed: () => random.chance(0.3),
    },
  ).then(
    (ending) => {
      if (!process.isDead) process.ending = ending
    },
    (error: unknown) => {
      history.found.push(new Violation(`the engine threw: ${String(error)}`))
    },
  )
  return process
}

async function perform(
  history: History,
  process: Process,
  context: JourneyContext,
  parts: readonly Part[],
  prefix: string,
  active: () => ActiveJourneyStep | undefined,
): Promise<void> {
  for (const [at, part] of parts.entries()) {
    const name = `${prefix}${part.kind}${at}`
    switch (part.kind) {
      case 'both':
        await Promise.all(
          part.parts.map((branch, side) =>
            perform(history, process, context, branch, `${name}.${side}.`, active),
          ),
        )
        break
      case 'sleep':
        await context.sleep(name, '2h')
        break
      case 'wait':
        await context.waitFor(name, 'test.answer', { within: '1d' })
        break
      case 'human':
        await context.human(name, { title: 'Yes?', form: YES, within: '4h' })
        break
      case 'emit':
        await context.emit(name, 'test.told')
        break
      case 'keyed':
      case 'unkeyed':
      case 'poison': {
        const { kind } = part
        const options = { retry: { attempts: 20, max: '1m' } } as const
        await context.step(
          name,
          ({ key }) => act(history, process, kind, name, key, active()),
          options,
        )
      }
    }
  }
}

const YES = { type: 'object', properties: { yes: { type: 'boolean' } } }

const never = (): Promise<never> => new Promise(() => undefined)

/** What a step does outside, with a process that may end before and after it. */
async function act(
  { run, world, fault, found }: History,
  process: Process,
  kind: 'keyed' | 'unkeyed' | 'poison',
  name: string,
  key: string,
  active: ActiveJourneyStep | undefined,
): Promise<string> {
  const noted = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (error instanceof Violation) found.push(error)
      throw error
    }
  }
  if (process.isDead) return await never()
  noted(() => world.begins(run, name, kind === 'poison'))
  if (kind === 'poison') {
    process.isDead = true
    return await never()
  }
  const cls = kind === 'keyed' ? 'key' : 'none'
  await active?.beforeWrite({ connection: 'x/y', action: 'a.b', class: cls })
  if (process.isDead) return await never()
  noted(() => (kind === 'keyed' ? world.sendKeyed(name, key) : world.sendUnkeyed(name)))
  if (fault(0.1)) {
    process.isDead = true
    return await never()
  }
  return `${name} by ${process.stop.signal.aborted ? 'a' : 'b'}`
}

/** The journal as a process sees it that may die around any record of it. */
function faultyJournal({ run, clock, fault, random }: History, process: Process): JourneyJournal {
  const journal = run.open()
  const through = async <T>(work: () => Promise<T>): Promise<T> => {
    if (process.isDead) return await never()
    if (fault(0.2)) await new Promise<void>((resolve) => clock.setTimer(random.below(30), resolve))
    if (fault(0.02)) process.isDead = true
    if (process.isDead) return await never()
    const answer = await work()
    if (fault(0.02)) process.isDead = true
    if (process.isDead) return await never()
    // Its answer was lost: whoever asked asks again.
    return fault(0.05) ? await work() : answer
  }
  return Object.fromEntries(
    Object.entries(journal).map(([name, method]) => [
      name,
      (...given: readonly unknown[]) =>
        through(() => (method as (...all: readonly unknown[]) => Promise<unknown>)(...given)),
    ]),
  ) as unknown as JourneyJournal
}
