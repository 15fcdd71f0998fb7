import type { Json } from '@bookend/contract'
import { PARAMETER_NAME, WORKFLOW_NAME } from '@bookend/contract'
import type {
  AfterContext,
  Duration,
  PreCallContext,
  PreCallReturn,
  PreCallWorkflow,
} from '@bookend/core'
import { parseDuration, WorkflowError } from '@bookend/core'
import type { z } from 'zod'
import type { Connections, HandlesOf } from './connections.ts'

/** Anything; kinds of literals are named, so that one that is returned stays what it is. */
type Value = string | number | boolean | {} | null | undefined
type Values = Readonly<Record<string, Value>>

export interface PreCallOptions<P extends Values, C extends Connections> {
  /** The longest this workflow may take; the door's own limit applies when it is shorter. */
  readonly budget?: Duration
  /** All the agent may learn; anything else that `run` returns is dropped. */
  readonly parameters: z.ZodObject & z.ZodType<P>
  /** What the agent is told when the workflow cannot say better. */
  readonly fallback: NoInfer<P>
  readonly connections?: C
  readonly run: (
    context: Omit<PreCallContext, 'connections'> & { readonly connections: HandlesOf<C> },
  ) => Promise<PreCallReturn<P>> | PreCallReturn<P>
  /**
   * Done when the answer has left: its steps may write, and the caller waits for none of them. It has
   * 30 seconds, and is not done again after a crash; what must happen belongs into a journey.
   */
  readonly after?: (
    context: Omit<AfterContext<P>, 'connections'> & {
      readonly connections: HandlesOf<C>
    },
  ) => Promise<void> | void
}

/**
 * Defines a pre-call workflow: steps that produce parameters before the first word of a call.
 *
 * @throws {WorkflowError} A name, the budget or a fallback value breaks a rule; the message says which.
 */
export function preCall<P extends Values, const C extends Connections = Record<never, never>>(
  name: string,
  { budget, parameters, fallback, connections, run, after }: PreCallOptions<P, C>,
): PreCallWorkflow {
  if (!WORKFLOW_NAME.test(name)) {
    throw new WorkflowError(
      `"${name}" is not a workflow name; use a-z, 0-9 and - such as my-intake`,
    )
  }
  const declared: Readonly<Record<string, z.ZodType>> = parameters.shape
  for (const parameter of Object.keys(declared)) {
    if (PARAMETER_NAME.test(parameter)) continue
    throw new WorkflowError(`Workflow "${name}": "${parameter}" is not a parameter name`)
  }
  const { success, error } = parameters.safeParse(fallback)
  if (!success) {
    const { path, message } = error.issues[0] ?? { path: [], message: 'does not match' }
    throw new WorkflowError(`Workflow "${name}": fallback.${path.join('.')}: ${message}`)
  }
  return {
    kind: 'pre-call',
    name,
    budgetMs: budget === undefined ? null : parseDuration(budget),
    parameters: declared,
    fallback: fallback as Readonly<Record<string, Json>>,
    connections: connections ?? {},
    run: run as PreCallWorkflow['run'],
    ...(after === undefined ? {} : { after: after as NonNullable<PreCallWorkflow['after']> }),
  }
}
