import type { Context } from '../../context.ts'
import type { Handlers } from '../handlers.ts'
import { agentRoutes } from './agents.ts'
import { analysisRoutes } from './analyses.ts'
import { auditRoutes } from './audit.ts'
import { callEventRoutes } from './call-events.ts'
import { callRoutes } from './calls.ts'
import { callerRoutes } from './callers.ts'
import { connectionRoutes } from './connections.ts'
import { deliveryRoutes } from './deliveries.ts'
import { eventRoutes } from './events.ts'
import { handoffRoutes } from './handoffs.ts'
import { keyRoutes } from './keys.ts'
import { numberRoutes } from './numbers.ts'
import { overviewRoutes } from './overview.ts'
import { pauseRoutes } from './pauses.ts'
import { peopleRoutes } from './people.ts'
import { placeCallRoutes } from './place-call.ts'
import { platformRoutes } from './platforms.ts'
import { revealRoutes } from './reveal.ts'
import { runBulkRoutes } from './run-bulk.ts'
import { runOperationRoutes } from './run-operations.ts'
import { secretRoutes } from './secrets.ts'
import { scheduledCallRoutes } from './scheduled-calls.ts'
import { sessionRoutes } from './session.ts'
import { settingsRoutes } from './settings.ts'
import { talkRoutes } from './talk.ts'
import { webhookRoutes } from './webhooks.ts'
import { workflowRoutes } from './workflows.ts'

/** A handler for every route of the table; the compiler finds the one that is missing. */
export const createHandlers = (context: Context): Handlers => ({
  ...overviewRoutes(context),
  ...agentRoutes(context),
  ...numberRoutes(context),
  ...callRoutes(context),
  ...placeCallRoutes(context),
  ...talkRoutes(context),
  ...analysisRoutes(context),
  ...callerRoutes(context),
  ...callEventRoutes(context),
  ...eventRoutes(context),
  ...webhookRoutes(context),
  ...deliveryRoutes(context),
  ...workflowRoutes(context),
  ...runOperationRoutes(context),
  ...runBulkRoutes(context),
  ...handoffRoutes(context),
  ...pauseRoutes(context),
  ...scheduledCallRoutes(context),
  ...connectionRoutes(context),
  ...platformRoutes(context),
  ...keyRoutes(context),
  ...peopleRoutes(context),
  ...revealRoutes(context),
  ...settingsRoutes(context),
  ...secretRoutes(context),
  ...auditRoutes(context),
  ...sessionRoutes(context),
})
