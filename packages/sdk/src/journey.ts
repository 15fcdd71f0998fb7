import { EVENT_TYPE, WORKFLOW_NAME } from '@bookend/contract'
import type {
  JourneyCall,
  JourneyContext,
  JourneyMatchContext,
  JourneyWorkflow,
} from '@bookend/core'
import { WorkflowError } from '@bookend/core'
import type { Connections, HandlesOf } from './connections.ts'

/** Events about a call: their journeys always have one. */
export type CallEventType = `call.${string}`

type WithCall<T, On extends string> = On extends CallEventType
  ? Omit<T, 'call'> & { readonly call: JourneyCall }
  : T

export interface JourneyOptions<On extends string, C extends Connections> {
  /** The type of event that starts it: `call.completed`, `call.transcript_update`, your own. */
  readonly on: On
  /** Whether this event starts a run; pure, and answers at once. Left out: every one does. */
  readonly if?: (context: WithCall<JourneyMatchContext, On>) => boolean
  /** Runs with the same key go one after the other, in order. Left out: all side by side. */
  readonly key?: (context: WithCall<JourneyMatchContext, On>) => string | null
  /**
   * Names what is to happen once per call: an event with a name that its call had before starts
   * nothing. Null: the event starts a run of its own, as every one does when this is left out.
   */
  readonly once?: (context: WithCall<JourneyMatchContext, On>) => string | null
  readonly connections?: C
  /** The code between steps is run again after a restart: keep what acts inside steps. */
  readonly run: (
    context: WithCall<Omit<JourneyContext, 'connections'>, On> & {
      readonly connections: HandlesOf<C>
    },
  ) => Promise<unknown>
}

/**
 * Defines a journey: a durable workflow that an event starts and no restart stops.
 *
 * @throws {WorkflowError} The name or the event type breaks a rule; the message says which.
 */
export function journey<On extends string, const C extends Connections = Record<never, never>>(
  name: string,
  { on, if: matches, key, once, connections, run }: JourneyOptions<On, C>,
): JourneyWorkflow {
  if (!WORKFLOW_NAME.test(name)) {
    throw new WorkflowError(
      `"${name}" is not a workflow name; use a-z, 0-9 and - such as after-support`,
    )
  }
  if (!EVENT_TYPE.test(on)) {
    throw new WorkflowError(
      `Journey "${name}": "${on}" is not an event type, such as call.completed`,
    )
  }
  return {
    kind: 'journey',
    name,
    on,
    connections: connections ?? {},
    matches: (matches ?? (() => true)) as JourneyWorkflow['matches'],
    keyOf: (key ?? (() => null)) as JourneyWorkflow['keyOf'],
    ...(once === undefined ? {} : { onceOf: once as NonNullable<JourneyWorkflow['onceOf']> }),
    run: run as JourneyWorkflow['run'],
  }
}
