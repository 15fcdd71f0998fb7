import { checkSeals } from '../../audit/seal-audit.ts'
import type { Context } from '../../context.ts'
import { listAudit } from '../../store/postgres/audit.ts'
import type { Handlers } from '../handlers.ts'

export function auditRoutes({ reads }: Pick<Context, 'reads'>) {
  return {
    async listAudit({ query, access: { workspaceId } }) {
      const { page, next } = await listAudit(reads, workspaceId, query)
      return { audit: page, next_cursor: next }
    },

    async checkAudit({ access: { workspaceId } }) {
      return await checkSeals(reads, workspaceId)
    },
  } satisfies Partial<Handlers>
}
