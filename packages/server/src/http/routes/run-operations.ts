// What people do to journey runs. Each is one transaction; the run is locked in it, so of two people
// who press at once the second is told what the first did.

import type { Run, RunStatus } from '@bookend/contract'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import * as operations from '../../store/postgres/run-operations.ts'
import { findRun } from '../../store/postgres/runs.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

const UNDER_WAY: readonly RunStatus[] = ['queued', 'running', 'waiting']
const MAYBE_DONE = 'maybe done: '

export function runOperationRoutes(context: Context) {
  const { database, reads, registry, engine, changes, clock } = context

  /** Runs `work` on the locked run and tells of it; yields the run that came of it. */
  async function operate(
    workspaceId: string,
    runId: string,
    work: (client: pg.PoolClient, run: operations.LockedRun) => Promise<string>,
  ): Promise<Run> {
    const done = await database.transaction(async (client) => {
      const run = await operations.lockRun(client, workspaceId, runId)
      if (run === null) throw notFound('run')
      if (run.kind !== 'journey') {
        throw conflict('A pre-call run is over with its answer; only journeys are operated')
      }
      return { id: await work(client, run), callId: run.call_id }
    })
    const { id, callId } = done
    changes.publish({ topic: 'wakes', workspaceId, id, callId })
    changes.publish({ topic: 'runs', workspaceId, id, callId })
    const run = await findRun(reads, workspaceId, id)
    if (run === null) throw notFound('run')
    return run
  }

  function refuseUnlessFailed({ status }: operations.LockedRun): void {
    if (status !== 'failed') throw conflict(`The run is ${status}; only a failed one can go on`)
  }

  async function goOn(client: pg.PoolClient, workspaceId: string, runId: string): Promise<string> {
    await operations.reopenRuns(client, workspaceId, [runId])
    await engine.requeue(client, workspaceId, runId)
    return runId
  }

  return {
    async cancelRun({ params: { id }, access: { workspaceId } }) {
      const run = await operate(workspaceId, id, async (client, { status }) => {
        if (!UNDER_WAY.includes(status)) {
          throw conflict(`The run is ${status}; only one that is under way can be cancelled`)
        }
        await operations.cancelRuns(client, workspaceId, [id])
        return id
      })
      changes.publish({ topic: 'handoffs', workspaceId, id, callId: run.call_id })
      return run
    },

    async retryRun({ params: { id }, access: { workspaceId } }) {
      return await operate(workspaceId, id, async (client, run) => {
        refuseUnlessFailed(run)
        const steps = await operations.stepsOf(client, workspaceId, id)
        const unsure = steps.find((step) => step.status === 'failed' && isMaybeDone(step))
        if (unsure !== undefined && run.failed_step === unsure.name) {
          throw conflict(
            `Nobody can tell whether step "${unsure.name}" was done; say so with its resolve`,
          )
        }
        await operations.clearFailedSteps(client, workspaceId, [id])
        return await goOn(client, workspaceId, id)
      })
    },

    async resolveStep({ params: { id, name }, body, access: { workspaceId } }) {
      return await operate(workspaceId, id, async (client, run) => {
        const steps = await operations.stepsOf(client, workspaceId, id)
        const step = steps.find((one) => one.name === name)
        if (step === undefined) throw notFound('step')
        if (step.status !== 'failed' || !isMaybeDone(step)) {
          throw conflict(`Step "${name}" is not one that is maybe done`)
        }
        refuseUnlessFailed(run)
        const settle = body.it === 'was_done' ? operations.markDone : operations.clearStep
        await settle(client, workspaceId, id, name)
        return await goOn(client, workspaceId, id)
      })
    },

    async replayRun({ params: { id }, body, access: { workspaceId } }) {
      return await operate(workspaceId, id, async (client, run) => {
        const { status, workflow } = run
        if (UNDER_WAY.includes(status)) {
          throw conflict(`The run is ${status}; it can be replayed once it is over`)
        }
        const fromStep = body.from_step ?? null
        const steps = await operations.stepsOf(client, workspaceId, id)
        if (fromStep !== null && !steps.some(({ name }) => name === fromStep)) {
          throw invalid('from_step', 'is not a step of this run')
        }
        const active = registry
          .list()
          .find(({ name, kind }) => name === workflow && kind === 'journey')
        const version = body.version ?? active?.version ?? run.version
        if ((await registry.journey(workflow, version)) === null) {
          throw invalid('version', `is not a stored version of journey "${workflow}"`)
        }
        const options = { version, fromStep, now: clock.now() }
        const copy = await operations.copyRun(client, { workspaceId, runId: id }, options)
        await engine.requeue(client, workspaceId, copy)
        return copy
      })
    },
  } satisfies Partial<Handlers>
}

const isMaybeDone = ({ error }: { readonly error: string | null }): boolean =>
  error?.startsWith(MAYBE_DONE) === true

const conflict = (detail: string): ProblemError => new ProblemError('state_conflict', detail)
