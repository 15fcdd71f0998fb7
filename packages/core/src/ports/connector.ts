import type { z } from 'zod'
import type { ActionContext } from './action-context.ts'
import type { BucketRule, LimitsAnswer, SeenLimit } from './rate-limit.ts'
import type { ReachPort } from './reach.ts'
import type { ReceiptPort } from './receipt.ts'
import type { Effect } from './verdict.ts'

/** How a repeat of a write is made harmless. */
export type IdempotencyClass = 'natural' | 'key' | 'client_id' | 'marker' | 'keyed_append' | 'none'

export interface Idempotency<Settings, Input> {
  /** What holds for every connection; `classFor` may say better of one. */
  readonly class: IdempotencyClass
  /** A `run` effect is new on a replay; a `subject` effect updates the same record. */
  readonly by: 'run' | 'subject'
  /** Where the class depends on how the connection is set up, or on what is sent. */
  classFor?(settings: Settings, input: Input): IdempotencyClass
  /**
   * For the class `key`: how long the system keeps a key, in milliseconds. A repeat after that is as
   * good as one without a key. Left out: for ever.
   */
  readonly keptMs?: number
  /**
   * By what the system tells later that it was done, with our key in it; only beside the connector's
   * `receipts`. One sentence.
   */
  readonly receipt?: string
}

interface ActionBase<Settings, Auth, In extends z.ZodType, Out extends z.ZodType, Client> {
  readonly input: In
  readonly output: Out
  /** The most one run may take; a step may shorten it. */
  readonly timeoutMs: number
  /** Which of the connector's buckets a run counts against; `default` when left out. */
  readonly bucket?: string
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
        readonly idempotency: Idempotency<Settings, z.output<In>>
        /** What a dry run answers in place of sending. */
        preview(input: z.output<In>): z.input<Out>
        /**
         * What would be sent, for a dry run to show, with no credential in it. Only for protocols
         * other than HTTP: of HTTP a dry run keeps the first request that would write.
         */
        render?(settings: Settings, input: z.output<In>, key: string): unknown
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

/** For connectors whose protocol keeps connections or tokens: one client for each connection. */
export interface ClientLife<Settings, Auth, Client> {
  /** Opens no socket yet; what is unreachable is the fault of the action that needs it. */
  open(settings: Settings, auth: Auth, reach: ReachPort): Client
  close(client: Client): Promise<void>
}

export interface CheckResult {
  /** Whose account the credential opens, in words for its owner; null: the system does not say. */
  readonly account: string | null
  /** What works less well than it could, each with its remedy. */
  readonly warnings: readonly string[]
}

/** Names for its owner, such as `calls.bookend_key`. */
export interface InstallResult {
  readonly made: readonly string[]
  /** What was there already. */
  readonly found: readonly string[]
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
  /**
   * Where the credential goes, such as a scheme, host and port. Settings that change it ask for the
   * credential again (threat A17). Left out: every text of the settings counts.
   */
  origin?(settings: z.output<SettingsSchema>): string
  /**
   * One cheap read that tells whether the credential is good.
   *
   * @throws {ConnectorFault} It is not, or the system cannot be reached.
   */
  check?(
    ctx: ActionContext<z.output<SettingsSchema>, z.output<AuthSchema>, Client>,
  ): Promise<CheckResult>
  /**
   * Makes in the system what its settings name and a repeat is recognised by. Again it makes what is
   * still not there.
   *
   * @throws {ConnectorFault} Something could not be made; what was made before it stays.
   */
  install?(
    ctx: ActionContext<z.output<SettingsSchema>, z.output<AuthSchema>, Client>,
  ): Promise<InstallResult>
  /** Reads what the system tells of effects whose action has a `receipt`. */
  readonly receipts?: ReceiptPort<z.output<SettingsSchema>, z.output<AuthSchema>>
  /** Assumed until answers say otherwise; `default` is where actions without a bucket count. */
  readonly buckets?: Readonly<Record<string, BucketRule>>
  /** What an answer's headers tell of the buckets. */
  readLimits?(answer: LimitsAnswer): readonly SeenLimit[]
}

const CONNECTOR_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const ACTION_NAME = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/

/** @throws {RangeError} The id, or an action's name or bucket, breaks its rule. */
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
  const buckets = new Set(['default', ...Object.keys(definition.buckets ?? {})])
  for (const [name, own] of Object.entries(definition.actions)) {
    if (!ACTION_NAME.test(name)) throw new RangeError(`Action "${name}" is not noun.verb`)
    const { bucket = 'default' } = own as { readonly bucket?: string }
    if (!buckets.has(bucket)) throw new RangeError(`Action "${name}" counts against no bucket`)
  }
  return definition
}
