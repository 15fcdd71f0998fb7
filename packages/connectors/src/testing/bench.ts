// A connector with a fake system behind it, as the conformance suite runs it.

import type { AnyAction, AnyConnector, HttpPort, IdempotencyClass } from '@bookend/core'
import { ConnectorFault, type FaultVerdict } from '@bookend/core'
import { testContext } from './context.ts'
import { anywhere } from './reach.ts'
import type { FakeVendor } from './fake-vendor.ts'
import { openOutgoing } from './outgoing.ts'
import type { VendorRequest } from './vendor-request.ts'

/** What a connector brings: a fake, and how a connection to it is set up. */
export interface Setup {
  readonly vendor: FakeVendor
  /** Input of the settings' schema. @param url The fake's, or one where nobody answers. */
  settings(url: string): unknown
  /** Input of the credential's schema; its texts are what may be seen nowhere. */
  readonly auth: unknown
}

export interface EffectCase<S extends Setup = Setup> {
  readonly action: string
  input(setup: S): unknown
  /** Makes the records that the action needs. */
  prepare?(setup: S): void
  /** How many records or messages the effect has left; needed for a write. */
  count?(setup: S): number
  /** Which requests change something; all but GET when left out. */
  writes?(request: VendorRequest): boolean
  /** Between a lost answer and the next try: an index catches up. */
  settle?(setup: S): void
  /** An empty answer of success is as good as any. */
  readonly mayBeEmpty?: boolean
  /** What an answer of success holds is not looked at. */
  readonly ignoresAnswer?: boolean
}

export type Outcome =
  | { readonly kind: 'ok'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly verdict: FaultVerdict; readonly error: ConnectorFault }

export interface RunOptions {
  readonly key?: string
  readonly subjectKey?: string
  readonly budgetMs?: number
  readonly http?: HttpPort
  /** The real clock when left out. */
  readonly now?: () => Date
}

export interface Bench<S extends Setup> extends AsyncDisposable {
  readonly setup: S
  readonly vendor: FakeVendor
  /** What the connector logged. */
  readonly logged: unknown[]
  actionOf(name: string): AnyAction
  classOf(name: string, input: unknown): IdempotencyClass
  /** Rejects with what is no `ConnectorFault`, which no connector may throw. */
  run(name: string, input: unknown, options?: RunOptions): Promise<Outcome>
  check(): Promise<Outcome>
  install(): Promise<Outcome>
  readonly http: HttpPort
}

export interface BenchOptions<S extends Setup> {
  readonly connector: AnyConnector
  open(): Promise<S>
  /** Where the connection points instead of the fake. */
  readonly isDeaf?: boolean
}

export async function openBench<S extends Setup>(options: BenchOptions<S>): Promise<Bench<S>> {
  const { connector } = options
  const [setup, http] = await Promise.all([options.open(), openOutgoing()])
  const { vendor } = setup
  const url = options.isDeaf === true ? vendor.deafUrl : vendor.url
  const settings = connector.settings.parse(setup.settings(url))
  const auth = connector.auth.parse(setup.auth)
  const client = connector.client?.open(settings, auth, anywhere)
  const logged: unknown[] = []

  function actionOf(name: string): AnyAction {
    const action = connector.actions[name]
    if (action === undefined) throw new RangeError(`${connector.id} has no action "${name}"`)
    return action
  }

  async function end(work: Promise<unknown>): Promise<Outcome> {
    try {
      return { kind: 'ok', output: await work }
    } catch (error) {
      if (!(error instanceof ConnectorFault)) throw error
      return { kind: 'failed', verdict: error.verdict, error }
    }
  }

  return {
    setup,
    vendor,
    logged,
    http,
    actionOf,
    classOf(name, input) {
      const action = actionOf(name)
      if (action.effect === 'read') throw new RangeError(`${name} is a read`)
      const { idempotency } = action
      return idempotency.classFor?.(settings, action.input.parse(input)) ?? idempotency.class
    },
    run(name, input, more = {}) {
      const action = actionOf(name)
      const parsed = action.input.parse(input)
      const context = testContext({ settings, auth, client, http, logged, ...more })
      return end(action.run(context, parsed).then((output) => action.output.parse(output)))
    },
    check() {
      if (connector.check === undefined) throw new RangeError(`${connector.id} has no check`)
      return end(connector.check(testContext({ settings, auth, client, http, logged })))
    },
    install() {
      if (connector.install === undefined) throw new RangeError(`${connector.id} has no install`)
      return end(connector.install(testContext({ settings, auth, client, http, logged })))
    },
    async [Symbol.asyncDispose]() {
      if (client !== undefined) await connector.client?.close(client)
      await http.close()
      await vendor[Symbol.asyncDispose]()
    },
  }
}

/** Every text of the credential that is long enough to be looked for. */
export function secretsOf(auth: unknown): readonly string[] {
  if (typeof auth === 'string') return auth.length >= 8 ? [auth] : []
  return typeof auth === 'object' && auth !== null ? Object.values(auth).flatMap(secretsOf) : []
}
