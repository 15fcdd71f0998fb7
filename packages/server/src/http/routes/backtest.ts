import type { Context } from '../../context.ts'
import { backtest } from '../../precall/backtest/backtest.ts'
import { listRecordedRuns } from '../../store/postgres/recorded-runs.ts'
import type { LoadedPreCall } from '../../workflows/registry.ts'
import { findVersion } from '../../workflows/versions.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound } from '../problem.ts'

const LIVE_MAX = 25

export interface Lookup {
  /** @throws {ProblemError} There is none of that name, or it is a journey. */
  readonly getPreCall: (name: string, workspaceId: string) => LoadedPreCall
  /** @throws {ProblemError} The text is no pre-call workflow. */
  readonly readPreCall: (name: string, source: string) => LoadedPreCall
}

export function backtestRoutes(context: Context, { getPreCall, readPreCall }: Lookup) {
  const { reads, database, answerParts } = context

  async function readVersion(workspaceId: string, name: string, version: string) {
    const stored = await findVersion(database, workspaceId, name, version)
    if (stored === null) throw notFound('version')
    if (stored.form === 'yaml') return readPreCall(name, stored.bundle)
    throw invalid('version', 'is in TypeScript; only what is active and texts in YAML can be tried')
  }

  return {
    async backtestWorkflow({ params: { name }, body, access: { workspaceId } }) {
      const { source, version, live, last } = body
      if (live && body.run_id === undefined && last > LIVE_MAX) {
        throw invalid('last', `must be at most ${LIVE_MAX} where connections are asked anew`)
      }
      if (source !== undefined && version !== undefined) {
        throw invalid('version', 'cannot be given next to a source')
      }
      const active = source === undefined ? getPreCall(name, workspaceId) : null
      const isActive = version === undefined || version === active?.version
      const workflow =
        active === null
          ? readPreCall(name, source ?? '')
          : isActive
            ? active
            : await readVersion(workspaceId, name, version)
      const { run_id: runId, cursor } = body
      const isOne = runId !== undefined
      const filter = { workflow: name, runId, limit: isOne ? 1 : last, cursor }
      const { page: runs, next } = await listRecordedRuns(reads, workspaceId, filter)
      if (isOne && runs.length === 0) throw notFound('recorded run')
      const calls = await backtest(answerParts, {
        workspaceId,
        workflow,
        runs,
        live,
        withSteps: isOne,
      })
      return { workflow: name, version: workflow.version, live, calls, next_cursor: next }
    },
  } satisfies Partial<Handlers>
}
