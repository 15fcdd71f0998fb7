// What one run of an action is given.
//
// X1. Its HTTP ends with it: an exchange is given up when the action's time is up, whether or not the
//     connector passes the signal on.
// X2. An `AbortSignal` is made for the connector that asks for one: most never do.

import type {
  ActionContext,
  ConnectorLog,
  HttpPhases,
  HttpPort,
  HttpRequest,
  HttpResult,
  ReachPort,
  Stop,
} from '@bookend/core'
import { fitText, phoneTools } from '@bookend/core'
import type { ActionTools } from './call-action.ts'
import type { ConfiguredConnection } from './configured.ts'
import { reachOf } from './reach-of.ts'

interface Named {
  readonly keys: { readonly key: string; readonly subjectKey: string }
  /** Of each exchange, as it ends. */
  readonly phases: HttpPhases[]
  /** Hears each answer; for what it tells of the system's limits. */
  readonly saw?: (result: HttpResult) => void
}

export class RunContext implements ActionContext<unknown, unknown, unknown> {
  readonly settings: unknown
  readonly auth: unknown
  readonly client: unknown
  readonly http: HttpPort
  readonly reach: ReachPort
  readonly remainingMs: () => number
  readonly now: () => Date
  readonly key: string
  readonly subjectKey: string
  readonly phone = phoneTools
  readonly fit = fitText
  readonly log: ConnectorLog
  readonly #stop: Stop

  constructor(
    { clock, outgoing, log }: Pick<ActionTools, 'clock' | 'outgoing' | 'log'>,
    connection: ConfiguredConnection,
    client: unknown,
    { keys, phases, saw }: Named,
    endsAtMs: number,
    stop: Stop,
  ) {
    this.settings = connection.settings
    this.auth = connection.auth
    this.client = client
    this.http = new RunHttp(outgoing, phases, stop, saw)
    this.reach = reachOf(outgoing, connection)
    this.remainingMs = () => Math.max(0, endsAtMs - clock.monotonicMs())
    this.now = () => clock.now()
    this.key = keys.key
    this.subjectKey = keys.subjectKey
    this.log = log
    this.#stop = stop
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }
}

class RunHttp implements HttpPort {
  readonly #outgoing: HttpPort
  readonly #phases: HttpPhases[]
  readonly #stop: Stop
  readonly #saw: Named['saw']

  constructor(outgoing: HttpPort, phases: HttpPhases[], stop: Stop, saw: Named['saw']) {
    this.#outgoing = outgoing
    this.#phases = phases
    this.#stop = stop
    this.#saw = saw
  }

  send(request: HttpRequest): Promise<HttpResult> {
    const own = request.signal === undefined ? { ...request, signal: this.#stop } : request
    return this.#outgoing.send(own).then((result) => {
      this.#phases.push(result.phases)
      this.#saw?.(result)
      return result
    })
  }
}
