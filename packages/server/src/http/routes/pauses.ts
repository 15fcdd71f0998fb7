// Holding work, and letting it go on. What a pause of a journey and of a connection means is in
// `engine/execute-run.ts` and `connections/call-action.ts`; here it is said and unsaid.

import { WorkflowError } from '@bookend/core'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import * as store from '../../store/postgres/pauses.ts'
import type { Access, Handlers } from '../handlers.ts'
import { notFound, ProblemError } from '../problem.ts'

type Subject = Pick<store.NewPause, 'kind' | 'name'>

export function pauseRoutes(context: Context) {
  const { database, registry, pauses, changes, answerParts } = context

  function journeyOf(name: string): Subject {
    const workflow = registry.list().find((loaded) => loaded.name === name)
    if (workflow === undefined) throw notFound('workflow')
    if (workflow.kind === 'journey') return { kind: 'workflow', name }
    throw new ProblemError(
      'state_conflict',
      `"${name}" answers calls that ring now; only journeys can wait. Pause the connections it asks`,
    )
  }

  function connectionOf(params: { connector: string; connection: string }): Subject {
    const name = `${params.connector}/${params.connection}`
    try {
      answerParts.connections.check({ name: '', connections: { it: name } })
    } catch (error) {
      if (error instanceof WorkflowError) throw notFound('connection')
      throw error
    }
    return { kind: 'connection', name }
  }

  async function pause(
    subject: Subject,
    body: { reason?: string | undefined; by?: string | undefined },
    { workspaceId, keyLabel, keyId }: Access,
  ) {
    const by = body.by ?? (keyLabel === '' ? `key ${keyId}` : keyLabel)
    const { workspaceId: _, ...stored } = await store.storePause(database.pool, {
      ...subject,
      workspaceId,
      by,
      reason: body.reason ?? null,
    })
    await changed(workspaceId)
    return stored
  }

  async function changed(workspaceId: string): Promise<void> {
    await configChanged(context, workspaceId)
    await pauses.reload()
  }

  return {
    async listPauses({ access: { workspaceId } }) {
      const all = await store.listPauses(context.reads)
      const own = all.filter((stored) => stored.workspaceId === workspaceId)
      return { pauses: own.map(({ workspaceId: _, ...rest }) => rest) }
    },

    async pauseWorkflow({ params, body, access }) {
      return await pause(journeyOf(params.name), body, access)
    },

    async resumeWorkflow({ params, access: { workspaceId } }) {
      const subject = journeyOf(params.name)
      await store.deletePause(database.pool, { ...subject, workspaceId })
      await changed(workspaceId)
      changes.publish({ topic: 'wakes', workspaceId, id: subject.name, callId: null })
    },

    async pauseConnection({ params, body, access }) {
      return await pause(connectionOf(params), body, access)
    },

    async resumeConnection({ params, access: { workspaceId } }) {
      const subject = connectionOf(params)
      await store.deletePause(database.pool, { ...subject, workspaceId })
      await changed(workspaceId)
      const runIds = await database.transaction((client) =>
        store.wakeHeldSteps(client, workspaceId, subject.name),
      )
      for (const id of runIds) {
        changes.publish({ topic: 'wakes', workspaceId, id, callId: null })
      }
    },
  } satisfies Partial<Handlers>
}
