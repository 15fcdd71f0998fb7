// The connections of a workflow under test: its connectors' own schemas, and fakes behind them.
//
//   handle ─▶ step? ─▶ allowed? ─▶ input parsed ─▶ fake, against the action's time ─▶ output parsed
//
// K1. What the server refuses is refused here: a call outside a step, a write before the call, an
//     input that does not fit.
// K2. A fake that its connector could never be is an error of the test, also where the workflow
//     catches what the step throws.
// K3. A write without a fake answers what its connector's dry run does; a read needs one.

import type { ActiveStep, Clock, Effect, StepWrite } from '@bookend/core'
import { ConnectorFault, handlePath, maybeDone, WorkflowError } from '@bookend/core'
import { connectors } from '@bookend/connectors'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { z } from 'zod'
import type { Fakes } from './fake.ts'
import { FakeError, playFake } from './fake.ts'

/** One write that was answered. */
export interface Effected {
  readonly step: string
  /** `<local name>.<noun>.<verb>` */
  readonly use: string
  readonly input: unknown
}

interface AnyAction {
  readonly effect: Effect
  readonly idempotency?: { readonly class: StepWrite['class'] }
  readonly timeoutMs: number
  readonly input: z.ZodType
  readonly output: z.ZodType
  preview?(input: unknown): unknown
}

/** A step as its connections see it; a journey's has a key, and hears of writes before they are sent. */
type CallingStep = ActiveStep & {
  readonly key?: string
  beforeWrite?(write: StepWrite): Promise<void>
}

export interface FakeConnections {
  readonly handles: Readonly<Record<string, unknown>>
  readonly effects: readonly Effected[]
  enter<T>(step: CallingStep, run: () => T): T
  /** @throws {FakeError} The first thing that was wrong with the fakes. */
  check(): void
}

export interface FakeConnectionsOptions {
  readonly connections: Readonly<Record<string, string>>
  readonly fakes: Fakes
  readonly clock: Clock
  readonly mode: 'reads' | 'all'
}

/** The step's own timer goes first, as on the server. */
const STEP_FIRST_MS = 50

/** @throws {FakeError} A fake is for an action that the workflow's connections do not have. */
export function fakeConnections(options: FakeConnectionsOptions): FakeConnections {
  const { connections, fakes, clock, mode } = options
  const steps = new AsyncLocalStorage<CallingStep>()
  const effects: Effected[] = []
  const known: string[] = []
  let wrong: FakeError | null = null

  function blame(message: string): FakeError {
    const error = new FakeError(message)
    wrong ??= error
    return error
  }

  async function call(
    use: string,
    connection: string,
    name: string,
    action: AnyAction,
    given: unknown,
  ): Promise<unknown> {
    const step = steps.getStore()
    if (step === undefined) {
      throw new WorkflowError(`${use} was called outside a step; write step('name', () => …)`)
    }
    if (mode === 'reads' && action.effect === 'write') {
      throw new WorkflowError(`${use} writes; a pre-call workflow may only read`)
    }
    const input = parseInput(name, action, given)
    if (action.idempotency !== undefined) {
      await step.beforeWrite?.({ connection, action: name, class: action.idempotency.class })
    }
    step.note({ connection, action: name, input: given, phases: [] })
    const output = await limited(use, action, step, input)
    const parsed = action.output.safeParse(output)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const at = ['output', ...(issue?.path ?? [])].join('.')
      throw blame(`The fake of ${use} answers what no ${connection} does; ${at}: ${issue?.message}`)
    }
    if (action.effect === 'write') effects.push({ step: step.name, use, input: given })
    return parsed.data
  }

  function limited(
    use: string,
    action: AnyAction,
    step: CallingStep,
    input: unknown,
  ): Promise<unknown> {
    const limitMs = Math.min(action.timeoutMs, step.remainingMs() + STEP_FIRST_MS)
    return new Promise((resolve, reject) => {
      const cancel = clock.setTimer(limitMs, () =>
        reject(new ConnectorFault(maybeDone(action.effect, 'timeout'))),
      )
      answer(use, action, step, input).finally(cancel).then(resolve, reject)
    })
  }

  async function answer(
    use: string,
    action: AnyAction,
    step: CallingStep,
    input: unknown,
  ): Promise<unknown> {
    if (Object.hasOwn(fakes, use)) {
      const by = { step: step.name, key: step.key ?? null }
      return await playFake(fakes[use], input, by, { clock, effect: action.effect })
    }
    if (action.preview !== undefined) return action.preview(input)
    throw blame(`Step "${step.name}" asks ${use}, and no fake answers; add '${use}': …`)
  }

  function createHandle(local: string, connection: string): object {
    const nouns: Record<string, Record<string, unknown>> = {}
    for (const [name, action] of Object.entries(actionsOf(local, connection))) {
      const use = `${local}.${name}`
      known.push(use)
      const [noun, verb] = handlePath(name)
      nouns[noun] ??= {}
      nouns[noun][verb] = (input: unknown) => call(use, connection, name, action, input)
    }
    return nouns
  }

  const handles = Object.fromEntries(
    Object.entries(connections).map(([local, name]) => [local, createHandle(local, name)]),
  )
  const unknown = Object.keys(fakes).find((use) => !known.includes(use))
  if (unknown !== undefined) {
    const offered = known.length === 0 ? 'it has no connections' : `it has ${known.join(', ')}`
    throw new FakeError(`The workflow has no action "${unknown}" to fake; ${offered}`)
  }
  return {
    handles,
    effects,
    enter: (step, run) => steps.run(step, run),
    check() {
      if (wrong !== null) throw wrong
    },
  }
}

function actionsOf(local: string, connection: string): Readonly<Record<string, AnyAction>> {
  const [id = ''] = connection.split('/')
  const catalog: Readonly<Record<string, { readonly actions: object }>> = connectors
  const connector = Object.hasOwn(catalog, id) ? catalog[id] : undefined
  if (connector !== undefined) {
    return connector.actions as Readonly<Record<string, AnyAction>>
  }
  throw new FakeError(`Connection "${local}" is ${connection}, and there is no connector "${id}"`)
}

function parseInput(name: string, action: AnyAction, given: unknown): unknown {
  const { success, data, error } = action.input.safeParse(given)
  if (success) return data
  const [issue] = error.issues
  const at = ['input', ...(issue?.path ?? [])].join('.')
  throw new ConnectorFault({ kind: 'refused', detail: `${name}: ${at}: ${issue?.message}` })
}
