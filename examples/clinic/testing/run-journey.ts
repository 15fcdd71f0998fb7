import type { JourneyCall, JourneyContext, JourneyWorkflow } from '@bookend/core'

class Cut extends Error {}

type Used = 'runId' | 'event' | 'call' | 'step' | 'sleep' | 'tag' | 'connections'

export interface Journal {
  /** What each finished step yielded, as JSON, in the order of finishing. */
  readonly finished: Map<string, string>
}

interface RunOptions {
  readonly call: JourneyCall
  readonly connections: Readonly<Record<string, unknown>>
  readonly journal?: Journal
  /** Runs a step's function where its connections find out which step called them. */
  readonly enter?: <T>(name: string, run: () => T) => T
  /** The process ends when this step wants to begin. */
  readonly cutAt?: string
}

/**
 * Runs a journey the way an engine does, without one: a finished step yields its journal's entry.
 * Answers the journal, also of a run that was cut.
 */
export async function runJourney(
  workflow: JourneyWorkflow,
  { call, connections, journal = { finished: new Map() }, cutAt, enter }: RunOptions,
): Promise<Journal> {
  const { finished } = journal
  const step = async (name: string, run: (scope: never) => unknown): Promise<unknown> => {
    const known = finished.get(name)
    if (known !== undefined) return JSON.parse(known)
    if (name === cutAt) throw new Cut()
    const start = (): unknown => run(undefined as never)
    const text = JSON.stringify((await (enter?.(name, start) ?? start())) ?? null)
    finished.set(name, text)
    return JSON.parse(text)
  }
  // The clinic uses steps, sleeps, tags and connections, and nothing else of the language.
  const context: Pick<JourneyContext, Used> = {
    runId: 'run-1',
    event: { event_id: 'evt_1', event_type: workflow.on, created_at: call.created_at, payload: {} },
    call,
    step: step as never,
    sleep: async (name) => void (await step(name, () => null)),
    tag: async (name) => void (await step(name, () => null)),
    connections,
  }
  const running = workflow.run(context as JourneyContext)
  await running.catch((error: unknown) => {
    if (!(error instanceof Cut)) throw error
  })
  return journal
}
