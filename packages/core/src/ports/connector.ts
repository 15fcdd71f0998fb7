import type { z } from 'zod'
import type { HttpPort } from './http.ts'
import type { Effect } from './verdict.ts'

/** How a repeat of a write is made harmless. */
export type IdempotencyClass = 'natural' | 'key' | 'client_id' | 'marker' | 'keyed_append' | 'none'

export interface ConnectorLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

export interface ActionContext<Settings, Auth, Client = undefined> {
  readonly settings: Settings
  /** Decrypted for this run alone; never logged. */
  readonly auth: Auth
  /** What the connector's `open` gave for this connection; shared by all runs. */
  readonly client: Client
  readonly http: HttpPort
  readonly signal: AbortSignal
  /** What is left of the step's budget, in milliseconds, read when asked; never below 0. */
  readonly remainingMs: () => number
  readonly now: () => Date
  /** Names this effect in this run: the same on a retry, new on a replay. */
  readonly key: string
  /** Names the effect's subject: the same on a retry and on a replay. */
  readonly subjectKey: string
  readonly log: ConnectorLog
}

interface ActionBase<Settings, Auth, In extends z.ZodType, Out extends z.ZodType, Client> {
  readonly input: In
  readonly output: Out
  /** The most one run may take; a step may shorten it. */
  readonly timeoutMs: number
  /** @throws {ConnectorFault} Every failure of the other system, never a driver's own error. */
  run(ctx: ActionContext<Settings, Auth, Client>, input: z.output<In>): Promise<z.input<Out>>
}

export type Action<
  Settings,
  Auth,
  In extends z.ZodType = z.ZodType,
  Out extends z.ZodType = z.ZodType,
  Client = undefined,
> = ActionBase<Settings, Auth, In, Out, Client> &
  (
    | { readonly effect: Extract<Effect, 'read'> }
    | {
        readonly effect: Extract<Effect, 'write'>
        /** A `run` effect is new on a replay; a `subject` effect updates the same record. */
        readonly idempotency: { readonly class: IdempotencyClass; readonly by: 'run' | 'subject' }
        /** What a dry run answers in place of sending. */
        preview(input: z.output<In>): z.input<Out>
      }
  )

/** Ties an action's `run` and `preview` to its schemas; does nothing else. */
export function action<
  Settings,
  Auth,
  In extends z.ZodType,
  Out extends z.ZodType,
  Client = undefined,
>(definition: Action<Settings, Auth, In, Out, Client>): Action<Settings, Auth, In, Out, Client> {
  return definition
}

/** For connectors whose protocol keeps connections open: one client for each connection. */
export interface ClientLife<Settings, Auth, Client> {
  /** Opens no socket yet; what is unreachable is the fault of the action that needs it. */
  open(settings: Settings, auth: Auth): Client
  close(client: Client): Promise<void>
}

export interface Connector<
  SettingsSchema extends z.ZodType,
  AuthSchema extends z.ZodType,
  Actions,
  Client = undefined,
> {
  /** Kebab-case, stable for ever. */
  readonly id: string
  readonly label: string
  readonly settings: SettingsSchema
  readonly auth: AuthSchema
  /** By `noun.verb`. */
  readonly actions: Actions
  readonly client?: ClientLife<z.output<SettingsSchema>, z.output<AuthSchema>, Client>
}

const CONNECTOR_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const ACTION_NAME = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/

/** @throws {RangeError} The id or an action's name breaks the naming rule. */
export function defineConnector<
  SettingsSchema extends z.ZodType,
  AuthSchema extends z.ZodType,
  Actions extends object,
  Client = undefined,
>(
  definition: Connector<SettingsSchema, AuthSchema, Actions, Client>,
): Connector<SettingsSchema, AuthSchema, Actions, Client> {
  if (!CONNECTOR_ID.test(definition.id)) {
    throw new RangeError(`Connector id "${definition.id}" is not kebab-case`)
  }
  for (const name of Object.keys(definition.actions)) {
    if (!ACTION_NAME.test(name)) throw new RangeError(`Action "${name}" is not noun.verb`)
  }
  return definition
}
