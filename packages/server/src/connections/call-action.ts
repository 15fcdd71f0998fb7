// One action, called by a step of a workflow.
//
//   step? ─▶ allowed? ─▶ input ─▶ cached? ─▶ key ─▶ noted ─▶ circuit ─▶ run, against its time ─▶ output
//
// C1. Nothing is sent outside a step, for a step whose time is up, or with an input that does not fit.
// C2. In a pre-call workflow no write is sent (rule 4 of the language).
// C3. The writes of one turn have keys of their own, the same in each turn of the same step.
// C4. Only `ConnectorFault` comes out of what a connector did; an end that it did not explain may
//     have had its effect.
// C5. A read of a step with a cache is run for the cache: it has its own time, which the step's end
//     does not shorten, and what it brings serves the next call (rules 2 and 3 of the language).
// C6. Nothing is sent through an open circuit; what is cached is served all the same (fault F18).
// C7. Nothing is asked of a paused connection, not even its cache: it may be paused for what it says.
// C8. What a system's limits do not let through is refused before a write is told of: it is no write
//     that may have happened.
// C9. A dry run is shown its writes, and none is sent; its reads are.

import type {
  CachePolicy,
  Clock,
  ConnectorLog,
  HttpPhases,
  HttpResult,
  ResultCache,
  StopSignal,
} from '@bookend/core'
import {
  ConnectionPausedError,
  ConnectorFault,
  WorkflowError,
  createCacheKey,
  maybeDone,
} from '@bookend/core'
import { randomUUID } from 'node:crypto'
import type { Pauses } from '../pauses/pauses.ts'
import type { CallingStep, StepTurn } from './calling-step.ts'
import { describeWrite } from './describe-write.ts'
import { type CapturedWrite, renderWrite } from './capture-write.ts'
import type { Circuits } from './circuits.ts'
import type { ClientCache } from './client-cache.ts'
import type { AnyAction, ConfiguredConnection } from './configured.ts'
import { describeIssue } from './describe-issue.ts'
import type { Asking, RateLimits } from './limits/rate-limits.ts'
import { RunContext } from './run-context.ts'
import { ActionOverranError, runStoppable } from './run-limited.ts'
import type { Outgoing } from './reach-of.ts'
import { throughCircuit } from './through-circuit.ts'

/** The step's own timer goes first: it is what knows a cut from a failure. */
const STEP_FIRST_MS = 50

export interface ActionTools {
  readonly clock: Clock
  readonly outgoing: Outgoing
  readonly log: ConnectorLog
  readonly clients: ClientCache
  readonly cache: ResultCache
  readonly circuits: Circuits
  /** Hears how each exchange ended, and why if it failed. */
  readonly onEnd?: (connection: ConfiguredConnection, fault: ConnectorFault | null) => void
  readonly pauses: Pick<Pauses, 'find'>
  readonly limits?: RateLimits
}

export interface ActionCall {
  readonly connection: ConfiguredConnection
  readonly name: string
  readonly action: AnyAction
  readonly mode: 'reads' | 'all'
  readonly input: unknown
  /** The step's turn in which the call was made, if there is one. */
  readonly turn: StepTurn | undefined
}

/**
 * Few promises on the way: under the storage that tells a step from another, each has its price.
 */
export function callAction(tools: ActionTools, call: ActionCall): Promise<unknown> {
  try {
    return begin(tools, call)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** @throws {WorkflowError | ConnectorFault} Nothing was sent. */
function begin(tools: ActionTools, call: ActionCall): Promise<unknown> {
  const { connection, name, action, turn } = call
  if (turn === undefined) {
    throw new WorkflowError(
      `${connection.name} ${name} was called outside a step; write step('name', () => …) around it`,
    )
  }
  if (call.mode === 'reads' && action.effect !== 'read') {
    throw new WorkflowError(`${connection.name} ${name} writes; a pre-call workflow may only read`)
  }
  if (connection.unusable !== undefined) {
    throw new ConnectorFault({ kind: 'auth', detail: connection.unusable })
  }
  refusePaused(tools, connection.name, turn)
  const input = parseInput(call)
  const question = nameQuestion(call, turn, input)
  if (question !== null) return askCache(tools, call, turn.step, { input, ...question })
  if (turn.scope?.isPrefetch === true) {
    throw new ConnectorFault({ kind: 'retry', detail: 'not_prefetched' })
  }
  // Counted whether or not it comes to be sent, so that the next write has its own key (C3).
  const keys = nameEffect(turn, action)
  return send(tools, call, turn.step, { input, keys })
}

interface Question {
  readonly workspaceId: string
  readonly key: string
  readonly policy: CachePolicy
}

/** Null: this call is not for the cache. */
function nameQuestion(
  { connection, name, action }: ActionCall,
  { step, scope }: StepTurn,
  input: unknown,
): Question | null {
  const { cache: policy } = step
  if (policy === undefined || scope === null || action.effect !== 'read') return null
  const { workspaceId, workflow, version } = scope
  const account = circuitKey(connection)
  const key = createCacheKey([workspaceId, workflow, version, account, name, input])
  return key === null ? null : { workspaceId, key, policy }
}

function askCache(
  tools: ActionTools,
  call: ActionCall,
  step: CallingStep,
  { input, ...question }: Question & { readonly input: unknown },
): Promise<unknown> {
  const { connection, name, action } = call
  refuseLate(step)
  const phases: HttpPhases[] = []
  const circuit = tools.circuits.get(circuitKey(connection), connection.name)
  const found = tools.cache.ask({
    ...question,
    signal: stopOf(step),
    load(signal) {
      const key = nameRead()
      const keys = { key, subjectKey: key }
      const prepared = { input, keys, limitMs: action.timeoutMs, signal, phases }
      const waiting = admit(tools, call, action.timeoutMs)
      const begin = (): Promise<unknown> =>
        throughCircuit(tools.clock, circuit, () => run(tools, call, prepared))
      return waiting === null ? begin() : waiting.then(begin)
    },
  })
  const { state: cache } = found
  step.note({ connection: connection.name, action: name, input: call.input, phases, cache })
  return found.value
}

function send(
  tools: ActionTools,
  call: ActionCall,
  step: CallingStep,
  { input, keys }: Named,
): Promise<unknown> {
  const { connection, name, action } = call
  refuseLate(step)
  const phases: HttpPhases[] = []
  step.note({ connection: connection.name, action: name, input: call.input, phases })
  const waiting = admit(tools, call, refuseLate(step))
  const { capture } = step
  if (capture !== undefined && action.effect === 'write') {
    const limitMs = Math.min(action.timeoutMs, refuseLate(step))
    const dry = { input, keys, limitMs, signal: stopOf(step), phases }
    return show(tools, call, dry, capture).then(() => action.output.parse(action.preview(input)))
  }
  const start = (): Promise<unknown> => {
    const limitMs = Math.min(action.timeoutMs, refuseLate(step) + STEP_FIRST_MS)
    return run(tools, call, { input, keys, limitMs, signal: stopOf(step), phases })
  }
  const begin = (): Promise<unknown> =>
    throughCircuit(tools.clock, tools.circuits.get(circuitKey(connection), connection.name), () => {
      if (action.effect === 'read' || step.beforeWrite === undefined) return start()
      return step
        .beforeWrite(describeWrite({ connection, name, action }, input, keys.key))
        .then(start)
    })
  return waiting === null ? begin() : waiting.then(begin)
}

/** In place of sending (C9). */
function show(
  tools: ActionTools,
  { connection, name, action }: ActionCall,
  prepared: Prepared,
  capture: (write: CapturedWrite) => void,
): Promise<void> {
  const { clock } = tools
  const { input, limitMs, signal } = prepared
  const endsAtMs = clock.monotonicMs() + limitMs
  // A protocol that keeps connections open has none to show a write by.
  const client = action.effect === 'write' && action.render ? null : tools.clients.get(connection)
  return runStoppable({ clock, limitMs, signal }, async (stop) => {
    const context = new RunContext(tools, connection, client, prepared, endsAtMs, stop)
    const request = action.effect === 'read' ? null : await renderWrite(action, context, input)
    capture({ connection: connection.name, action: name, input, request })
  })
}

const askingOf = ({ connection, action }: ActionCall): Asking => ({
  account: circuitKey(connection),
  connector: connection.connector,
  action,
})

/** @throws {ConnectorFault} The system's limit: nothing was sent, and no write was announced (C8). */
function admit({ limits }: ActionTools, call: ActionCall, leftMs: number): Promise<void> | null {
  if (limits === undefined) return null
  return limits.admit(askingOf(call), call.mode === 'reads' ? 'caller' : 'journey', leftMs)
}

/** Tells one account from the next one under the same name. */
export const circuitKey = ({ name, revision }: ConfiguredConnection): string =>
  revision === undefined ? name : `${name} ${revision}`

/** @throws {ConnectionPausedError} */
function refusePaused({ pauses }: ActionTools, connection: string, turn: StepTurn): void {
  const workspaceId = turn.scope?.workspaceId ?? turn.step.workspaceId
  if (workspaceId === undefined) return
  if (pauses.find(workspaceId, 'connection', connection) !== null) {
    throw new ConnectionPausedError(connection)
  }
}

const stopOf = (step: CallingStep): StopSignal => step.stop ?? step.signal

/** @throws {ConnectorFault} The step's time is up. */
function refuseLate(step: CallingStep): number {
  const leftMs = step.remainingMs()
  if (leftMs > 0 && !stopOf(step).aborted) return leftMs
  throw new ConnectorFault({ kind: 'retry', detail: 'not_started' })
}

function parseInput({ name, action, input }: ActionCall): unknown {
  const { success, data, error } = action.input.safeParse(input)
  if (success) return data
  const [issue] = error.issues
  const detail = issue === undefined ? 'input' : describeIssue('input', issue)
  throw new ConnectorFault({ kind: 'refused', detail: `${name}: ${detail}` })
}

interface Keys {
  readonly key: string
  readonly subjectKey: string
}

/** Different for each read of all processes; there is no effect that it would have to name. */
const nameRead = (): string => `${readsOfProcess}/${(reads += 1)}`
const readsOfProcess = randomUUID()
let reads = 0

function nameEffect(turn: StepTurn, action: AnyAction): Keys {
  const { key = action.effect === 'read' ? nameRead() : randomUUID(), subjectKey = key } = turn.step
  if (action.effect === 'read') return { key, subjectKey }
  turn.writes += 1
  const place = turn.writes === 1 ? '' : `#${turn.writes}`
  return { key: key + place, subjectKey: subjectKey + place }
}

interface Named {
  readonly input: unknown
  readonly keys: Keys
}

interface Prepared extends Named {
  readonly limitMs: number
  readonly signal: StopSignal
  readonly phases: HttpPhases[]
}

function run(tools: ActionTools, call: ActionCall, prepared: Prepared): Promise<unknown> {
  const { connection, name, action } = call
  const fail = (error: unknown): never => {
    const fault = faultOf(tools, call, error)
    tools.onEnd?.(connection, fault)
    tools.limits?.ended(askingOf(call), fault)
    throw fault
  }
  const accept = (output: unknown): unknown => {
    tools.onEnd?.(connection, null)
    const parsed = action.output.safeParse(output)
    if (parsed.success) return parsed.data
    tools.log.warn(
      { connection: connection.name, action: name, issue: parsed.error.issues[0]?.path.join('.') },
      'a connector answered with what its own schema refuses',
    )
    throw new ConnectorFault(maybeDone(action.effect, 'invalid_output'))
  }
  try {
    return perform(tools, call, prepared).then(accept, fail)
  } catch (error) {
    return fail(error)
  }
}

/** @throws What the connector's `open` throws. */
function perform(tools: ActionTools, call: ActionCall, prepared: Prepared): Promise<unknown> {
  const { clock, limits } = tools
  const { connection, action } = call
  const { input, limitMs, signal } = prepared
  const endsAtMs = clock.monotonicMs() + limitMs
  const client = tools.clients.get(connection)
  const heard =
    limits === undefined || connection.connector.readLimits === undefined
      ? prepared
      : { ...prepared, saw: (result: HttpResult) => limits.saw(askingOf(call), result) }
  return runStoppable({ clock, limitMs, signal }, (stop) =>
    action.run(new RunContext(tools, connection, client, heard, endsAtMs, stop), input),
  )
}

function faultOf(
  { log }: ActionTools,
  { connection, name, action }: ActionCall,
  error: unknown,
): ConnectorFault {
  if (error instanceof ConnectorFault) return error
  if (error instanceof ActionOverranError) {
    return new ConnectorFault(maybeDone(action.effect, 'timeout'))
  }
  const type = error instanceof Error ? error.name : typeof error
  log.warn({ connection: connection.name, action: name, type }, 'a connector threw')
  return new ConnectorFault(maybeDone(action.effect, 'connector_threw'), { cause: error })
}
