import * as audit from '../audit.ts'
import type { Route } from './route.ts'

export const auditRoutes = {
  listAudit: {
    method: 'GET',
    path: '/audit',
    tag: 'Audit',
    scope: 'admin',
    summary: 'Who changed what, newest first',
    query: audit.AuditListQuery,
    status: 200,
    response: audit.AuditList,
  },
} as const satisfies Record<string, Route>
