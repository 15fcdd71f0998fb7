import type { PhoneTools } from '../call/phone-match.ts'
import type { HttpPort } from './http.ts'
import type { ReachPort } from './reach.ts'

export interface ConnectorLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** What an action, and a connector's check, are run with. */
export interface ActionContext<Settings, Auth, Client = undefined> {
  readonly settings: Settings
  /** Decrypted for this run alone; never logged. */
  readonly auth: Auth
  /** What the connector's `open` gave for this connection; shared by all runs. */
  readonly client: Client
  /** What is sent through it ends with the action, also without the signal. */
  readonly http: HttpPort
  /** For protocols other than HTTP. */
  readonly reach: ReachPort
  readonly signal: AbortSignal
  /** What is left of the step's budget, in milliseconds, read when asked; never below 0. */
  readonly remainingMs: () => number
  readonly now: () => Date
  /** Names this effect in this run: the same on a retry, new on a replay. */
  readonly key: string
  /** Names the effect's subject: the same on a retry and on a replay. */
  readonly subjectKey: string
  readonly phone: PhoneTools
  /** The text, or its beginning up to a whole turn and where to read on; `fitText` says more. */
  readonly fit: (text: string, max: number, link?: string) => string
  readonly log: ConnectorLog
}
