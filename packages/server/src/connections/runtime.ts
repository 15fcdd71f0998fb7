// The connections that workflows use, and which step is using them.
//
//   handles of a workflow ─▶ call ─▶ the step it was made in ─▶ callAction ─▶ cache, circuit, system
//
// R1. A handle finds its step by itself, also through the author's own functions.
// R2. A connection's client is opened when first needed, once, and closed with the runtime.
// R3. One cache and one circuit stand before a connection, whichever workflow asks; what the cache
//     holds is of one workspace and one version of one workflow (threat B9).
// R4. Handles outlive what they were made for: each call asks which account has the name by then.

import type { Clock, ConnectorLog } from '@bookend/core'
import { ConnectorFault, ResultCache, WorkflowError, handlePath } from '@bookend/core'
import { AsyncLocalStorage } from 'node:async_hooks'
import { type ActionTools, callAction } from './call-action.ts'
import type { CacheScope, CallingStep, StepTurn } from './calling-step.ts'
import { noPauses, type Pauses } from '../pauses/pauses.ts'
import { Circuits } from './circuits.ts'
import { createClientCache } from './client-cache.ts'
import type { ConfiguredConnection } from './configured.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import type { Outgoing } from './reach-of.ts'

export type { CacheScope, CallingStep } from './calling-step.ts'

type Mode = 'reads' | 'all'
type LocalNames = Readonly<Record<string, string>>
type Handles = Readonly<Record<string, unknown>>

export interface ConnectionRuntime {
  /**
   * What a workflow's `run` receives as `connections`; `reads` refuses write actions.
   *
   * @throws {WorkflowError} One of them is not configured.
   */
  handlesFor(local: LocalNames, mode: Mode): Handles
  /**
   * Runs a step's function so that its connections know which step called them. Without a scope
   * nothing is cached, whatever the step says.
   */
  enter<T>(step: CallingStep, run: () => T, scope?: CacheScope): T
  readonly cache: Pick<ResultCache, 'entries' | 'bytes'>
  /** @throws {WorkflowError} Names the connections that are not configured, and those that are. */
  check(workflow: { readonly name: string; readonly connections: LocalNames }): void
  /** Which account a name stands for by now. */
  find(name: string): ConfiguredConnection | undefined
  /** All of `bookend.config.ts`, then those that were stored, as they are by now. */
  list(): readonly ConfiguredConnection[]
  /** From now on these beside those of `bookend.config.ts`; one that stays is the same object. */
  replaceStored(stored: readonly ConfiguredConnection[]): void
  /** Closes what connections keep open; a call after it is refused. */
  close(): Promise<void>
}

export interface ConnectionsOptions {
  readonly configured: readonly ConfiguredConnection[]
  readonly outgoing: Outgoing
  readonly clock: Clock
  readonly log: ConnectorLog
  /** One for each connection; without it they are this runtime's own. */
  readonly circuits?: Circuits
  /** Hears how each exchange ended, and why if it failed. */
  readonly onEnd?: ActionTools['onEnd']
  /** What people hold; without it nothing is. */
  readonly pauses?: Pick<Pauses, 'find'>
  /** What systems said of their limits; without it none are kept. */
  readonly limits?: RateLimits
}

export function openConnections(options: ConnectionsOptions): ConnectionRuntime {
  const { configured, clock, outgoing, log } = options
  const turns = new AsyncLocalStorage<StepTurn>()
  const clients = createClientCache(outgoing)
  const cache = new ResultCache(clock)
  const circuits = options.circuits ?? new Circuits({ clock, log, kind: 'connection' })
  const { onEnd } = options
  const listening = onEnd === undefined ? {} : { onEnd }
  const pauses = options.pauses ?? noPauses
  const shared = { clock, outgoing, log, clients, cache, circuits, pauses }
  const limiting = options.limits === undefined ? {} : { limits: options.limits }
  const tools: ActionTools = { ...shared, ...listening, ...limiting }
  let current = new Map(configured.map((connection) => [connection.name, connection]))
  let isClosed = false

  function createHandle({ name: own, connector }: ConfiguredConnection, mode: Mode): Handles {
    const nouns: Record<string, Record<string, unknown>> = {}
    for (const [name, action] of Object.entries(connector.actions)) {
      const [noun, verb] = handlePath(name)
      nouns[noun] ??= {}
      nouns[noun][verb] = (input: unknown): Promise<unknown> => {
        if (isClosed) {
          return Promise.reject(new ConnectorFault({ kind: 'retry', detail: 'shutting_down' }))
        }
        const connection = current.get(own)
        if (connection === undefined) {
          return Promise.reject(new ConnectorFault({ kind: 'auth', detail: 'connection_removed' }))
        }
        const turn = turns.getStore()
        return callAction(tools, { connection, name, action, mode, input, turn })
      }
    }
    for (const verbs of Object.values(nouns)) Object.freeze(verbs)
    return Object.freeze(nouns)
  }

  const handles = new Map<string, Record<Mode, Handles>>()

  function handleOf(name: string, mode: Mode): Handles {
    const connection = current.get(name)
    if (connection === undefined) throw new WorkflowError(`Connection "${name}" is not configured`)
    let made = handles.get(name)
    if (made === undefined) {
      made = { reads: createHandle(connection, 'reads'), all: createHandle(connection, 'all') }
      handles.set(name, made)
    }
    return made[mode]
  }

  function replaceStored(stored: readonly ConfiguredConnection[]): void {
    const before = current
    current = new Map([...stored, ...configured].map((one) => [one.name, one]))
    for (const [name, connection] of before) {
      if (current.get(name) === connection) continue
      clients.drop(connection).catch((error: unknown) => {
        const type = error instanceof Error ? error.name : typeof error
        log.warn({ connection: name, type }, 'what a connection kept open did not close')
      })
    }
  }

  return {
    handlesFor: (local, mode) =>
      Object.fromEntries(Object.entries(local).map(([own, name]) => [own, handleOf(name, mode)])),
    enter: (step, run, scope) => turns.run({ step, scope: scope ?? null, writes: 0 }, run),
    cache,
    check(workflow) {
      const unknown = Object.entries(workflow.connections).filter(([, name]) => !current.has(name))
      if (unknown.length === 0) return
      const asked = unknown.map(([own, name]) => `"${own}" is ${name}`).join(', ')
      const known = [...current.keys()].toSorted().join(', ')
      throw new WorkflowError(
        `Workflow "${workflow.name}" uses connections that are not configured: ${asked}; ` +
          (known === '' ? 'there are none' : `there are ${known}`),
      )
    },
    find: (name) => current.get(name),
    list: () => [...current.values()],
    replaceStored,
    close() {
      isClosed = true
      cache.close()
      return clients.close()
    },
  }
}
