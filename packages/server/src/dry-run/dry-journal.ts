// The journal of a dry run: in memory, where what takes days takes no time.
//
// N1. A sleep is over at once. A wait ends at once where waits expire; else the run ends at it.
// N2. A step is tried once: that another attempt might succeed is not waited for.

import type { JsonObject } from '@bookend/contract'
import type { Clock, HandoffSpec, JourneyJournal, StepPlace } from '@bookend/core'
import { checkAnswer, WorkflowError } from '@bookend/core'
import { memoryRun } from '@bookend/core/testing/memory-journal'

export interface DryJournalOptions {
  readonly clock: Clock
  readonly answers: Readonly<Record<string, JsonObject>>
  readonly expireWaits: boolean
  /** It waits for something that a dry run does not bring. */
  readonly onWait: () => void
  /** A step failed, and would be tried again later. */
  readonly onRetry: (error: string) => void
}

export type DryJournal = ReturnType<typeof openDryJournal>

export function openDryJournal(options: DryJournalOptions) {
  const { clock, answers, expireWaits, onWait, onRetry } = options
  const run = memoryRun(clock)
  const own = run.open()

  async function handoff(step: StepPlace, asked: HandoffSpec) {
    const given = answers[step.name]
    const limitMs = given === undefined && expireWaits ? 0 : asked.limitMs
    const opened = await own.handoff(step, { ...asked, limitMs })
    if (given === undefined || opened.result !== null) return opened
    const checked = checkAnswer(asked.form, given)
    if (!checked.ok) {
      const [issue] = checked.issues
      const fault = `${issue?.path}: ${issue?.message}`
      throw new WorkflowError(`The form of "${step.name}" refuses the answer; ${fault}`)
    }
    run.answer(step.name, checked.answer, 'dry-run')
    return await own.handoff(step, asked)
  }

  const journal: JourneyJournal = {
    ...own,
    handoff,
    sleep: (step) => own.sleep(step, 0),
    wait: (step, wait) => own.wait(step, expireWaits ? { ...wait, limitMs: 0 } : wait),
    async postpone(name, attempts, waitMs) {
      await own.postpone(name, attempts, waitMs)
      onRetry(attempts.at(-1)?.error ?? `Step "${name}" failed`)
    },
    async hold(name, attempts, connection) {
      await own.hold(name, attempts, connection)
      onRetry(`Step "${name}" waits for ${connection}, which is paused`)
    },
    async setStatus(status) {
      await own.setStatus(status)
      if (status === 'waiting') onWait()
    },
  }
  return { run, journal }
}
