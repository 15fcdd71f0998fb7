import type { Session } from '@bookend/contract'
import { randomBytes } from 'node:crypto'
import type { Context } from '../../context.ts'
import { deleteSession, insertSession } from '../../store/postgres/sessions.ts'
import { hashToken, readCookie, sessionCookie } from '../authenticate.ts'
import type { Access, Handlers } from '../handlers.ts'

const LIFETIME_S = 12 * 60 * 60
const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Strict'

export function sessionRoutes({ database, snapshot, authenticator }: Context) {
  const describe = ({ workspaceId, scopes, keyLabel, isMasked }: Access): Session => ({
    workspace: { id: workspaceId, name: snapshot.findWorkspace(workspaceId)?.name ?? '' },
    scopes: [...scopes],
    key_label: keyLabel,
    masked: isMasked,
  })

  return {
    async createSession({ body, asked }) {
      const access = authenticator.accessOfKey(body.key.trim(), true)
      const token = randomBytes(32).toString('base64url')
      await database.transaction((client) =>
        insertSession(client, {
          workspace_id: access.workspaceId,
          key_id: access.keyId,
          tokenHash: hashToken(token),
          lifetimeS: LIFETIME_S,
        }),
      )
      const cookie = `${sessionCookie}=${token}; Max-Age=${LIFETIME_S}; ${ATTRIBUTES}`
      asked.setHeader('set-cookie', cookie)
      return describe(access)
    },

    async getSession({ access }) {
      return describe(access)
    },

    async deleteSession({ asked }) {
      const token = readCookie(asked.headers.cookie)
      if (token !== null) {
        await database.transaction((client) => deleteSession(client, hashToken(token)))
      }
      asked.setHeader('set-cookie', `${sessionCookie}=; Max-Age=0; ${ATTRIBUTES}`)
    },
  } satisfies Partial<Handlers>
}
