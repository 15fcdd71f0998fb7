import type { Context } from '../../context.ts'
import { listAudit } from '../../store/postgres/audit.ts'
import type { Handlers } from '../handlers.ts'

export function auditRoutes({ reads }: Pick<Context, 'reads'>) {
  return {
    async listAudit({ query, access: { workspaceId } }) {
      const { page, next } = await listAudit(reads, workspaceId, query)
      return { audit: page, next_cursor: next }
    },
  } satisfies Partial<Handlers>
}
