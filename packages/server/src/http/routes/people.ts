// People and their roles. A person is a key with a name and a role: the session that it opens reads
// its rights at each request, so that a demotion counts at once (E10).
//
// R1. Nobody takes the role of an admin from themselves, or takes themselves out: one always remains.

import { createApiKey, createId } from '@bookend/core'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import * as people from '../../store/postgres/people.ts'
import type { Access, Handlers } from '../handlers.ts'
import { notFound, ProblemError } from '../problem.ts'

export function peopleRoutes(context: Context) {
  const { database, reads, clock } = context

  return {
    async listPeople({ access: { workspaceId } }) {
      const rows = await people.listPeople(reads, workspaceId)
      return { people: rows.map(people.renderPerson) }
    },

    async createPerson({ body, access: { workspaceId } }) {
      const id = createId(clock.now())
      const key = createApiKey()
      await database.transaction(async (client) => {
        if (!(await people.insertPerson(client, workspaceId, { id, ...body }))) throw taken()
        await people.replaceKey(client, workspaceId, { id, ...body }, key)
      })
      await configChanged(context, workspaceId)
      return { ...(await read(workspaceId, id)), key: key.key }
    },

    async updatePerson({ params: { id }, body, access }) {
      const { workspaceId } = access
      if (body.role !== undefined && body.role !== 'admin') refuseSelf(access, id)
      await database.transaction(async (client) => {
        const done = await people.updatePerson(client, workspaceId, id, body)
        if (done === 'gone') throw notFound('person')
        if (done === 'taken') throw taken()
      })
      await configChanged(context, workspaceId)
      return await read(workspaceId, id)
    },

    async renewPersonKey({ params: { id }, access: { workspaceId } }) {
      const key = createApiKey()
      await database.transaction(async (client) => {
        const person = await people.findPerson(client, workspaceId, id)
        if (person === null) throw notFound('person')
        await people.replaceKey(client, workspaceId, person, key)
      })
      await configChanged(context, workspaceId)
      return { ...(await read(workspaceId, id)), key: key.key }
    },

    async deletePerson({ params: { id }, access }) {
      const { workspaceId } = access
      refuseSelf(access, id)
      const isDeleted = await database.transaction((client) =>
        people.deletePerson(client, workspaceId, id),
      )
      if (!isDeleted) throw notFound('person')
      await configChanged(context, workspaceId)
    },
  } satisfies Partial<Handlers>

  async function read(workspaceId: string, id: string) {
    const row = await people.findPerson(reads, workspaceId, id)
    if (row === null) throw notFound('person')
    return people.renderPerson(row)
  }
}

/** R1 */
function refuseSelf({ personId }: Access, id: string): void {
  if (personId !== id) return
  const detail = 'Nobody takes their own rights away; ask another admin'
  throw new ProblemError('state_conflict', detail)
}

const taken = (): ProblemError =>
  new ProblemError('already_exists', 'Somebody of this workspace has that address')
