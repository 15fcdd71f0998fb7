import { first } from './0001-first.ts'
import { engine } from './0002-engine.ts'
import { deliveries } from './0003-deliveries.ts'
import { hosted } from './0004-hosted.ts'
import { openCalls } from './0006-open-calls.ts'
import { stepCache } from './0007-step-cache.ts'
import { journeys } from './0012-journeys.ts'
import { entryRevisions } from './0013-entry-revisions.ts'
import { publishedWorkflows } from './0014-published-workflows.ts'
import { deliveryLog } from './0015-delivery-log.ts'
import { operateJourneys } from './0016-operate-journeys.ts'
import { connections } from './0017-connections.ts'
import { rateLimits } from './0018-rate-limits.ts'
import { keyedPlans } from './0020-keyed-plans.ts'
import { platforms } from './0022-platforms.ts'
import { analyses } from './0023-analyses.ts'
import { formOrder } from './0024-form-order.ts'
import { receipts } from './0025-receipts.ts'
import { people } from './0027-people.ts'
import { openQuestions } from './0028-open-questions.ts'
import { webhooks } from './0010-webhooks.ts'
import { retention } from './0008-retention.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
}

/** In the order of application. One that was released is never edited: its checksum is recorded. */
export const migrations: readonly Migration[] = [
  first,
  engine,
  deliveries,
  hosted,
  openCalls,
  stepCache,
  retention,
  webhooks,
  journeys,
  entryRevisions,
  publishedWorkflows,
  deliveryLog,
  operateJourneys,
  connections,
  rateLimits,
  keyedPlans,
  platforms,
  analyses,
  formOrder,
  receipts,
  people,
  openQuestions,
]
