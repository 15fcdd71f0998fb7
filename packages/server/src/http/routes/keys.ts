import { createApiKey } from '@bookend/core'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import * as keys from '../../store/postgres/keys.ts'
import type { Handlers } from '../handlers.ts'
import { notFound, ProblemError } from '../problem.ts'

export function keyRoutes(context: Context) {
  const { database, reads, snapshot } = context
  return {
    async createKey({ body, access: { workspaceId } }) {
      const { id, key, hash } = createApiKey()
      const scopes = [...new Set(body.scopes)]
      const fresh = { workspace_id: workspaceId, id, label: body.label, scopes, hash }
      const row = await database.transaction((client) => keys.insertKey(client, fresh))
      if (row === undefined) throw new ProblemError('already_exists', 'Try again')
      await configChanged(context, workspaceId)
      return { ...keys.renderKey(row), key }
    },

    async listKeys({ access: { workspaceId } }) {
      return { keys: (await keys.listKeys(reads, workspaceId)).map(keys.renderKey) }
    },

    async deleteKey({ params, access: { workspaceId, keyId } }) {
      if (params.id === keyId) {
        throw new ProblemError('state_conflict', 'A key cannot revoke itself; use another one')
      }
      const isDeleted = await database.transaction((client) =>
        keys.deleteKey(client, workspaceId, params.id),
      )
      if (!isDeleted) throw notFound('key')
      await configChanged(context, workspaceId)
    },

    async getSigningSecret({ access: { workspaceId } }) {
      const secret = snapshot.findWorkspace(workspaceId)?.signingSecret ?? null
      if (secret === null) throw notFound('signing secret')
      return { secret }
    },
  } satisfies Partial<Handlers>
}
