// What the steps of a run were answered, in place of its connections.
//
//   step ─▶ its function runs ─▶ asks what was asked then? ─▶ the step yields what it yielded then,
//                                        │                     after as long as it took then
//                                        └ no ─▶ a gap: the step fails, and is named
//
// R1. Nothing is asked of any system, and nothing is guessed: what was not recorded, was taken out of
//     the record or was too long for it, is a gap.
// R2. A step that asks nothing of a connection runs as it is.
// R3. A step in YAML yields what its action answered; one in TypeScript may make something else of it,
//     and what it made is what is recorded. So the one is no record of the other.
// R4. One that was cut then does not answer now: how much longer it would have taken nobody knows.

import type { ActiveStep, Clock } from '@bookend/core'
import { handlePath, redact, REDACTED, WorkflowError } from '@bookend/core'
import { AsyncLocalStorage } from 'node:async_hooks'
import { isDeepStrictEqual } from 'node:util'

/** A step of a run as it is stored. */
export interface RecordedStep {
  readonly name: string
  readonly status: string
  readonly duration_ms: number | null
  readonly connection: string | null
  readonly action: string | null
  readonly input: unknown
  readonly output: unknown
  readonly error: string | null
}

type WorkflowForm = 'typescript' | 'yaml'

/** As much of a connector as is needed to stand in for it. */
interface AnyConnector {
  readonly actions: Readonly<Record<string, { readonly effect: string }>>
}

export interface Gap {
  readonly step: string
  readonly reason: string
}

export interface RecordedAnswersOptions {
  readonly steps: readonly RecordedStep[]
  /** Of the version that was recorded, and of the one that is run; null: it is not stored. */
  readonly forms: { readonly was: WorkflowForm | null; readonly now: WorkflowForm }
  readonly clock: Clock
  readonly find: (connection: string) => { readonly connector: AnyConnector } | undefined
}

interface Turn {
  readonly step: ActiveStep
  readonly resolve: (output: unknown) => void
  readonly reject: (error: Error) => void
}

const NOT_KEPT = /^\((\d+ characters|not JSON|nested too deep), not kept\)$/
const NEVER = new Promise<never>(() => undefined)

export class RecordedAnswers {
  readonly gaps: Gap[] = []
  readonly #steps: ReadonlyMap<string, RecordedStep>
  readonly #clock: Clock
  readonly #find: RecordedAnswersOptions['find']
  readonly #forms: RecordedAnswersOptions['forms']
  readonly #turns = new AsyncLocalStorage<Turn>()

  constructor({ steps, clock, find, forms }: RecordedAnswersOptions) {
    this.#steps = new Map(steps.map((step) => [step.name, step]))
    this.#clock = clock
    this.#find = find
    this.#forms = forms
  }

  enter<T>(step: ActiveStep, run: () => T): T {
    let turn: Turn | null = null
    const recorded = new Promise<unknown>((resolve, reject) => {
      turn = { step, resolve, reject }
    })
    // A step that was cut hears no more of it.
    recorded.catch(() => undefined)
    const own = this.#turns.run(turn as unknown as Turn, run)
    return isThenable(own) ? (Promise.race([own, recorded]) as T) : own
  }

  handlesFor(local: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(local).map(([own, name]) => [own, this.#createHandle(name)]),
    )
  }

  #createHandle(connection: string): object {
    const found = this.#find(connection)
    if (found === undefined) throw new WorkflowError(`Connection "${connection}" is not configured`)
    const nouns: Record<string, Record<string, unknown>> = {}
    for (const [action, { effect }] of Object.entries(found.connector.actions)) {
      const [noun, verb] = handlePath(action)
      nouns[noun] ??= {}
      nouns[noun][verb] = (input: unknown) => this.#ask({ connection, action, effect, input })
    }
    return nouns
  }

  #ask(asked: Asked): Promise<unknown> {
    const { connection, action, effect, input } = asked
    const turn = this.#turns.getStore()
    if (turn === undefined) {
      return Promise.reject(new WorkflowError(`${connection} ${action} was called outside a step`))
    }
    if (effect !== 'read') {
      const message = `${connection} ${action} writes; a pre-call workflow may only read`
      return Promise.reject(new WorkflowError(message))
    }
    turn.step.note({ connection, action, input, phases: null })
    const kept = this.#steps.get(turn.step.name)
    const { was, now } = this.#forms
    const reason = was === now || was === null ? findGap(kept, asked) : OTHER_FORM[now]
    if (kept === undefined || reason !== null) {
      this.gaps.push({ step: turn.step.name, reason: reason ?? '' })
      return Promise.reject(new WorkflowError(`Nothing recorded: ${reason}`))
    }
    if (kept.status === 'cut') return NEVER
    if (now === 'yaml') return new Promise((resolve, reject) => this.#answer(kept, resolve, reject))
    this.#answer(kept, turn.resolve, turn.reject)
    return NEVER
  }

  #answer(
    { status, duration_ms: durationMs, output, error }: RecordedStep,
    resolve: Turn['resolve'],
    reject: Turn['reject'],
  ): void {
    this.#clock.setTimer(durationMs ?? 0, () => {
      if (status === 'failed') reject(new WorkflowError(error ?? 'failed'))
      else resolve(output)
    })
  }
}

const OTHER_FORM = {
  yaml: 'the workflow was in TypeScript then',
  typescript: 'the workflow was in YAML then',
} as const satisfies Record<WorkflowForm, string>

interface Asked {
  readonly connection: string
  readonly action: string
  readonly effect: string
  readonly input: unknown
}

/** Why what was recorded is no answer to this; null where it is one. */
function findGap(
  kept: RecordedStep | undefined,
  { connection, action, input }: Asked,
): string | null {
  if (kept === undefined) return 'there was no such step'
  if (!['ok', 'cached', 'cut', 'failed'].includes(kept.status)) return 'it did not run then'
  if (kept.connection !== connection || kept.action !== action) {
    return kept.connection === null
      ? 'it asked nothing then'
      : `it asked ${kept.connection} ${kept.action} then`
  }
  const asked = asJson(redact(input))
  if (!isDeepStrictEqual(asked, kept.input)) return 'it asked with another input then'
  if (holds(kept.input, isTakenOut)) return 'what it asked with was taken out of the record'
  if (kept.status !== 'cut' && kept.status !== 'failed' && holds(kept.output, isTakenOut)) {
    return 'what it was answered was taken out of the record'
  }
  return null
}

const asJson = (value: unknown): unknown => {
  const text = JSON.stringify(value)
  return text === undefined ? null : (JSON.parse(text) as unknown)
}

const isTakenOut = (text: string): boolean => text === REDACTED || NOT_KEPT.test(text)

function holds(root: unknown, isIt: (text: string) => boolean): boolean {
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === 'string' && isIt(value)) return true
    if (typeof value === 'object' && value !== null) pending.push(...Object.values(value))
  }
  return false
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
