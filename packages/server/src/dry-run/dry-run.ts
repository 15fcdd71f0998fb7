// A journey with nothing of it sent or stored: what it would do, on a call that has ended.
//
//   event, call ─▶ `if`? ─▶ steps over real reads ─▶ completed │ waits │ failed │ cut
//                               └ writes: shown, answered by their preview
//
// Y1. No write leaves, no event is stored, no call is scheduled, no handoff is opened.
// Y2. It is over within its time, and what still runs then is told to end.
// Y3. What is shown is shown without credentials.

import type { DryRun, DryRunCreate, JsonObject } from '@bookend/contract'
import type { Clock, JourneyCall, JourneyEnding, JourneyEvent } from '@bookend/core'
import { createId, redact, runJourney } from '@bookend/core'
import type { ConnectionRuntime } from '../connections/runtime.ts'
import type { LoadedJourney } from '../workflows/registry.ts'
import { showRequest } from './show-request.ts'
import { type DryJournal, openDryJournal } from './dry-journal.ts'

export interface DryRunParts {
  readonly connections: Pick<ConnectionRuntime, 'handlesFor' | 'enter'>
  readonly clock: Clock
}

export interface DryRunIn {
  readonly workspaceId: string
  readonly workflow: LoadedJourney
  readonly event: JourneyEvent
  readonly call: JourneyCall | null
  readonly answers: DryRunCreate['answers']
  readonly expireWaits: boolean
}

const LIMIT_MS = 20_000
/** How long what was told to end may still take. */
const GRACE_MS = 1_000

export async function dryRun(parts: DryRunParts, given: DryRunIn): Promise<DryRun> {
  const { clock, connections } = parts
  const { workspaceId, workflow, event, call, answers, expireWaits } = given
  const { definition, name, version } = workflow
  const startedAtMs = clock.monotonicMs()
  const writes: DryRun['writes'] = []
  const stop = new AbortController()
  let halted: Pick<DryRun, 'status' | 'error'> | null = null
  const halt = (status: DryRun['status'], error: string | null): void => {
    halted ??= { status, error }
    stop.abort()
  }
  const journaled = openDryJournal({
    clock,
    answers,
    expireWaits,
    onWait: () => halt('waiting', null),
    onRetry: (error) => halt('failed', error),
  })
  const facts = { simulated: true, workflow: name, version, call_id: call?.uuid ?? null } as const
  const begun = { type: event.event_type, payload: event.payload }
  const tell = (ending: Pick<DryRun, 'status' | 'error'>): DryRun => ({
    ...facts,
    ...ending,
    event: begun,
    writes,
    ...tellJournal(journaled),
    duration_ms: clock.monotonicMs() - startedAtMs,
  })
  if (!definition.matches({ event, call })) return tell({ status: 'not_started', error: null })

  const abort = new AbortController()
  const ending = await within(clock, abort, halt, () =>
    runJourney(
      definition,
      {
        runId: createId(clock.now()),
        event,
        call,
        connections: connections.handlesFor(definition.connections, 'all'),
      },
      {
        clock,
        journal: journaled.journal,
        slots: { take: async () => () => undefined },
        random: () => 0,
        enter: (step, work) => {
          const capture = (write: Omit<DryRun['writes'][number], 'step'>): void => {
            const { connection, action, input, request } = write
            const shown = { input: redact(input), request: showRequest(request) }
            writes.push({ step: step.name, connection, action, ...shown })
          }
          return connections.enter({ ...step, workspaceId, capture }, work)
        },
        stop: stop.signal,
        abort: abort.signal,
        listen: (listener) => journaled.run.listen(listener),
        isPressed: () => false,
      },
    ),
  )
  return tell(judge(ending, halted))
}

function judge(
  ending: JourneyEnding | null,
  halted: Pick<DryRun, 'status' | 'error'> | null,
): Pick<DryRun, 'status' | 'error'> {
  switch (ending?.kind) {
    case 'completed':
      return { status: 'completed', error: null }
    case 'failed':
      return { status: 'failed', error: ending.error }
    case 'broken':
      return { status: 'failed', error: messageOf(ending.error) }
    case 'parked':
    case 'stopped':
    case undefined:
      return halted ?? { status: 'waiting', error: null }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'The journal refused'

/** Null: it did not even end when it was told to (Y2). */
async function within(
  clock: Clock,
  abort: AbortController,
  halt: (status: 'cut', error: string) => void,
  run: () => Promise<JourneyEnding>,
): Promise<JourneyEnding | null> {
  let cancel = (): void => undefined
  const late = new Promise<null>((resolve) => {
    cancel = clock.setTimer(LIMIT_MS, () => {
      halt('cut', `A dry run takes at most ${LIMIT_MS / 1_000} s`)
      abort.abort()
      cancel = clock.setTimer(GRACE_MS, () => resolve(null))
    })
  })
  try {
    return await Promise.race([run(), late])
  } finally {
    cancel()
  }
}

type Told = Pick<DryRun, 'emitted' | 'tags' | 'calls' | 'waits' | 'steps'>

function tellJournal({ run }: DryJournal): Told {
  const steps = [...run.steps.values()]
  return {
    emitted: run.emitted.map(({ event_type: type, payload }) => ({
      type,
      payload: redact(payload) as JsonObject,
    })),
    tags: [...run.tags],
    calls: run.calls.map((call) => redact(call)),
    waits: steps
      .filter(({ kind, status }) => kind !== 'step' && status === 'waiting')
      .map(({ name, kind, wait, handoff }) => ({
        step: name,
        kind,
        about: handoff?.title ?? wait?.eventType ?? '',
      })),
    steps: steps.map(({ name, kind, status, output, error, attempts }) => ({
      name,
      kind,
      status,
      output: redact(output) as DryRun['steps'][number]['output'],
      error: error ?? attempts.at(-1)?.error ?? null,
    })),
  }
}
