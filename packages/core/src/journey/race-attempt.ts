// One attempt of a step: its function against its time.
//
//   function ─▶ returned │ threw       whichever is first; the loser is told through its signal, and
//   timer    ─▶ timed out              sends nothing more

import type { Clock } from '../kernel/clock.ts'
import { WorkflowError } from '../kernel/error.ts'
import type { ActiveStep, StepUse } from '../precall/steps.ts'
import type { AttemptEnding } from './attempt.ts'
import type { JourneyStepScope } from './definition.ts'
import type { StepWrite } from './journal.ts'
import { toJournalOutput } from './output.ts'

/** The step whose attempt is running, as its connections see it. */
export interface ActiveJourneyStep extends ActiveStep {
  readonly key: string
  readonly subjectKey: string
  /** Nothing is sent when it rejects. */
  beforeWrite(write: StepWrite): Promise<void>
}

export interface AttemptSurroundings {
  readonly runId: string
  /** Names the run's subject, the same on a replay. */
  readonly subject: string
  readonly clock: Clock
  readonly enter: <T>(step: ActiveJourneyStep, run: () => T) => T
  /** The attempt is told to end; what it then throws is no failure of it. */
  readonly abort: AbortSignal
}

export interface RacedAttempt {
  readonly name: string
  readonly attempt: number
  readonly timeoutMs: number
  readonly run: (scope: JourneyStepScope) => unknown
  readonly note: (use: StepUse) => void
  /** Records a write before it is sent. */
  readonly announce: (write: StepWrite) => Promise<void>
}

export function raceAttempt(
  { runId, subject, clock, enter, abort }: AttemptSurroundings,
  { name, attempt, timeoutMs, run, note, announce }: RacedAttempt,
): Promise<AttemptEnding> {
  const controller = new AbortController()
  const { signal } = controller
  const endsAtMs = clock.monotonicMs() + timeoutMs
  const key = `${runId}/${name}`
  let isOver = false
  // One after the other: the record of fewer writes must not overtake that of more.
  let announced = Promise.resolve()

  const refuseWhenOver = (): void => {
    if (isOver) throw new WorkflowError(`Step "${name}" is over; it sends nothing more`)
  }
  const step: ActiveJourneyStep = {
    name,
    signal,
    key,
    subjectKey: `${subject}/${name}`,
    remainingMs: () => Math.max(0, endsAtMs - clock.monotonicMs()),
    note: (use) => void (isOver || note(use)),
    async beforeWrite(write) {
      refuseWhenOver()
      announced = announced.then(() => announce(write))
      await announced
      refuseWhenOver()
    },
  }
  return new Promise((resolve) => {
    const end = (ending: AttemptEnding): void => {
      if (isOver) return
      isOver = true
      cancel()
      abort.removeEventListener('abort', onAbort)
      resolve(ending)
    }
    const onAbort = (): void => controller.abort(abort.reason)
    abort.addEventListener('abort', onAbort, { once: true })
    const cancel = clock.setTimer(timeoutMs, () => {
      end({ kind: 'timed_out' })
      controller.abort(new Error(`Step "${name}" took longer than ${timeoutMs} ms`))
    })
    Promise.resolve()
      .then(() => enter(step, () => run({ signal, key, attempt })))
      .then((value) => ({ kind: 'returned' as const, output: toJournalOutput(name, value) }))
      .then(end, (error: unknown) =>
        end(abort.aborted ? { kind: 'cut', by: 'stop' } : { kind: 'threw', error }),
      )
  })
}
