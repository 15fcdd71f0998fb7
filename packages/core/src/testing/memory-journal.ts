import type { JsonObject } from '@bookend/contract'
import type { CallLaterSpec } from '../journey/call-later.ts'
import type { HandoffResult, JourneyEvent } from '../journey/definition.ts'
import type {
  HandoffSpec,
  JournalKind,
  JourneyJournal,
  JournalStep,
  WaitSpec,
} from '../journey/journal.ts'
import { CANDIDATES_MAX, RunTakenOverError } from '../journey/journal.ts'
import type { Clock } from '../kernel/clock.ts'

type MemoryStep = JournalStep & {
  readonly wakeAtMs: number | null
  readonly beganAtMs: number
  readonly endedAtMs: number | null
  readonly sinceMs: number
  readonly wait: WaitSpec | null
  readonly handoff: HandoffSpec | null
  readonly result: HandoffResult | null
}

export interface MemoryRun {
  readonly steps: Map<string, MemoryStep>
  /** What the run has emitted. */
  readonly emitted: JourneyEvent[]
  /** What the run has tagged its call with. */
  readonly tags: string[]
  /** Calls it has scheduled. */
  readonly calls: CallLaterSpec[]
  /** Stores an event for those that wait. */
  accept(event: {
    readonly type: string
    readonly payload?: JsonObject
    readonly id?: string
  }): void
  /** Answers the handoff of this name; false when it is not open. */
  answer(name: string, answer: JsonObject, by?: string): boolean
  /** Has the system tell of an effect by its key. */
  receive(key: string): void
  /** Hears that something has come; for the `listen` of a runtime. */
  listen(listener: () => void): () => void
  status: 'running' | 'waiting'
  /** A new execution of the run; the one before can record nothing more. */
  open(): JourneyJournal
}

/** What a journal must never be without; taken away, to see that its absence is found. */
export type JournalGuard = 'fencing' | 'counted_first'

/** A run's journal for tests, with the time of their clock. */
export function memoryRun(clock: Clock, without: JournalGuard | null = null): MemoryRun {
  const steps: MemoryRun['steps'] = new Map()
  const events: { event: JourneyEvent; atMs: number }[] = []
  const listeners = new Set<() => void>()
  const receipts = new Set<string>()
  let owner = 0
  const say = (): void => {
    for (const listener of listeners) listener()
  }
  const store = (type: string, payload: JsonObject, id: string): JourneyEvent => {
    const event = {
      event_id: id,
      event_type: type,
      created_at: clock.now().toISOString(),
      payload: structuredClone(payload),
    }
    events.push({ event, atMs: clock.monotonicMs() })
    say()
    return event
  }
  const run: MemoryRun = {
    steps,
    emitted: [],
    tags: [],
    calls: [],
    status: 'running',
    accept: ({ type, payload = {}, id = `evt_${events.length + 1}` }) =>
      void store(type, payload, id),
    answer(name, answer, by = 'tester') {
      const step = steps.get(name)
      const isOpen = step?.kind === 'human' && step.status === 'waiting' && step.result === null
      if (!isOpen || (step.wakeAtMs ?? 0) <= clock.monotonicMs()) return false
      const result = {
        status: 'answered' as const,
        answer: structuredClone(answer),
        answered_by: by,
        answered_at: clock.now().toISOString(),
      }
      steps.set(name, { ...step, result })
      say()
      return true
    },
    receive(key) {
      receipts.add(key)
      say()
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    open() {
      owner += 1
      return open(owner)
    },
  }

  const fresh = (name: string, kind: JournalKind): MemoryStep => ({
    name,
    kind,
    beganAtMs: clock.monotonicMs(),
    endedAtMs: null,
    sinceMs: 0,
    wait: null,
    handoff: null,
    result: null,
    status: 'running',
    attempts: [],
    writes: [],
    waitMs: null,
    wakeAtMs: null,
    output: null,
    error: null,
  })

  function open(mine: number): JourneyJournal {
    const owned = (): void => {
      if (mine !== owner && without !== 'fencing')
        throw new RunTakenOverError('Another execution has this run')
    }
    const change = (name: string, to: Partial<MemoryStep>, kind: JournalKind = 'step'): void => {
      owned()
      const before = steps.get(name) ?? fresh(name, kind)
      if (before.status === 'ok' || before.status === 'failed') return
      const isOver = to.status === 'ok' || to.status === 'failed'
      const endedAtMs = isOver ? clock.monotonicMs() : null
      steps.set(name, { ...before, ...structuredClone(to), endedAtMs })
    }
    /** From when on events count for a wait that begins now. */
    const sinceNow = (): number => {
      const ended = [...steps.values()].filter(({ endedAtMs }) => endedAtMs !== null)
      const last = ended.toSorted((a, b) => (a.endedAtMs ?? 0) - (b.endedAtMs ?? 0)).at(-1)
      if (last === undefined) return 0
      return last.kind === 'step' ? last.beganAtMs : (last.endedAtMs ?? 0)
    }
    const leftMs = (name: string): number => (steps.get(name)?.wakeAtMs ?? 0) - clock.monotonicMs()
    return {
      read: async () =>
        [...steps.values()].map(({ wakeAtMs, ...step }) => ({
          name: step.name,
          kind: step.kind,
          status: step.status,
          attempts: step.attempts,
          writes: step.writes,
          output: step.output,
          error: step.error,
          waitMs: wakeAtMs === null ? null : Math.max(0, wakeAtMs - clock.monotonicMs()),
        })),
      async begin({ name }, attempts) {
        const counted = without === 'counted_first' ? attempts.slice(0, -1) : attempts
        const status = without === 'counted_first' ? 'waiting' : 'running'
        change(name, { status, attempts: counted, writes: [], wakeAtMs: null })
      },
      announce: async (name, writes) => change(name, { writes }),
      postpone: async (name, attempts, waitMs) =>
        change(name, { status: 'waiting', attempts, wakeAtMs: clock.monotonicMs() + waitMs }),
      hold: async (name, attempts) => change(name, { status: 'waiting', attempts, wakeAtMs: null }),
      async finish({ name }, outcome, attempts) {
        change(name, { ...outcome, attempts, wakeAtMs: null })
        const stands = steps.get(name)
        return stands?.status === 'ok'
          ? { status: 'ok', output: stands.output }
          : { status: 'failed', error: stands?.error ?? '' }
      },
      async confirm({ name }, error) {
        owned()
        const { writes = [], status, output = null } = steps.get(name) ?? {}
        if (status === 'ok') return { status, output }
        if (status === 'failed') return { status, error: steps.get(name)?.error ?? '' }
        const awaited = writes.filter((write) => write.class === 'none' || write.isReceipted)
        const isDone = awaited.length > 0 && awaited.every(({ key }) => receipts.has(key ?? ''))
        if (!isDone && error === null) return null
        const outcome = isDone
          ? { status: 'ok' as const, output: null }
          : { status: 'failed' as const, error: error ?? '' }
        change(name, { ...outcome, wakeAtMs: null })
        return outcome
      },
      async sleep({ name }, durationMs) {
        const wakeAtMs = steps.get(name)?.wakeAtMs ?? clock.monotonicMs() + durationMs
        change(name, { status: 'waiting', wakeAtMs }, 'sleep')
        return wakeAtMs - clock.monotonicMs()
      },
      wake: async (name) => change(name, { status: 'ok', wakeAtMs: null }, 'sleep'),
      async wait({ name }, wait) {
        owned()
        if (!steps.has(name)) {
          const wakeAtMs = clock.monotonicMs() + wait.limitMs
          change(name, { status: 'waiting', wakeAtMs, wait, sinceMs: sinceNow() }, 'wait')
        }
        const ageMs = clock.monotonicMs() - (steps.get(name)?.beganAtMs ?? 0)
        return { leftMs: leftMs(name), ageMs }
      },
      async candidates(name, after) {
        const { wait, sinceMs, wakeAtMs } = steps.get(name) ?? fresh(name, 'wait')
        const counted = events.filter(
          ({ event, atMs }) =>
            event.event_type === wait?.eventType &&
            atMs >= sinceMs &&
            atMs <= (wakeAtMs ?? 0) &&
            contains(event.payload, wait.where),
        )
        const seen = counted.findIndex(({ event }) => event.event_id === after?.event_id)
        return counted.slice(seen + 1, seen + 1 + CANDIDATES_MAX).map(({ event }) => event)
      },
      async passOver() {
        owned()
      },
      async handoff({ name }, handoff) {
        owned()
        if (!steps.has(name)) {
          const wakeAtMs = clock.monotonicMs() + handoff.limitMs
          change(name, { status: 'waiting', wakeAtMs, handoff }, 'human')
        }
        const given = steps.get(name)?.result ?? null
        const isOver = given === null && leftMs(name) <= 0
        const asked = {
          id: `handoff_${name}`,
          link: `https://bookend.test/h/${name}`,
          title: handoff.title,
          assign: handoff.assign,
          due_at: new Date(clock.now().getTime() + leftMs(name)).toISOString(),
        }
        return { leftMs: leftMs(name), result: isOver ? { status: 'expired' } : given, asked }
      },
      async emit({ name }, { type, payload }) {
        owned()
        const before = steps.get(name)
        if (before?.status === 'ok') return { status: 'ok', output: before.output }
        const event = store(type, payload, `evt_${name}`)
        run.emitted.push(event)
        change(name, { status: 'ok', output: event.event_id })
        return { status: 'ok', output: event.event_id }
      },
      async tag({ name }, tag) {
        owned()
        if (!run.tags.includes(tag)) run.tags.push(tag)
        change(name, { status: 'ok', output: null })
        return { status: 'ok', output: null }
      },
      async callLater({ name }, call) {
        owned()
        const before = steps.get(name)
        if (before?.status === 'ok') return { status: 'ok', output: before.output }
        run.calls.push(call)
        const dueAt = call.at ?? new Date(clock.now().getTime() + (call.inMs ?? 0)).toISOString()
        const output = { id: `call_${name}`, status: 'scheduled', due_at: dueAt, code: null }
        change(name, { status: 'ok', output })
        return { status: 'ok', output }
      },
      check: async () => owned(),
      async setStatus(status) {
        owned()
        run.status = status
      },
    }
  }
  return run
}

/** As `jsonb @>` has it, for the objects that payloads are. */
function contains(value: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return value === part
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(part)) {
    return Array.isArray(value) && part.every((item) => value.some((own) => contains(own, item)))
  }
  return Object.entries(part).every(([key, wanted]) =>
    contains((value as Record<string, unknown>)[key], wanted),
  )
}
