import * as audit from '../audit.ts'
import { none } from './route.ts'
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
  checkAudit: {
    method: 'GET',
    path: '/audit/seals',
    tag: 'Audit',
    scope: 'admin',
    summary: 'Whether an entry of the log was changed or taken out',
    query: none,
    status: 200,
    response: audit.AuditSeals,
  },
} as const satisfies Record<string, Route>
