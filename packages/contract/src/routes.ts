// Every route of the API, once. The server registers from this table, the client calls through it,
// the OpenAPI document is generated from it, and tests walk it.

import type { z } from 'zod'
import { agentsRoutes } from './routes/agents.ts'
import { auditRoutes } from './routes/audit.ts'
import { backtestRoutes } from './routes/backtest.ts'
import { callsRoutes } from './routes/calls.ts'
import { connectionsRoutes } from './routes/connections.ts'
import { eventsRoutes } from './routes/events.ts'
import { handoffsRoutes } from './routes/handoffs.ts'
import { keysRoutes } from './routes/keys.ts'
import { numbersRoutes } from './routes/numbers.ts'
import { overviewRoutes } from './routes/overview.ts'
import { pausesRoutes } from './routes/pauses.ts'
import { peopleRoutes } from './routes/people.ts'
import { platformsRoutes } from './routes/platforms.ts'
import { runsRoutes } from './routes/runs.ts'
import { secretsRoutes } from './routes/secrets.ts'
import { scheduledCallsRoutes } from './routes/scheduled-calls.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingsRoutes } from './routes/settings.ts'
import { webhooksRoutes } from './routes/webhooks.ts'
import { workflowsRoutes } from './routes/workflows.ts'
import type { Route } from './routes/route.ts'

export type { Route } from './routes/route.ts'

const table = {
  ...overviewRoutes,
  ...agentsRoutes,
  ...numbersRoutes,
  ...callsRoutes,
  ...eventsRoutes,
  ...webhooksRoutes,
  ...workflowsRoutes,
  ...backtestRoutes,
  ...runsRoutes,
  ...handoffsRoutes,
  ...pausesRoutes,
  ...scheduledCallsRoutes,
  ...connectionsRoutes,
  ...platformsRoutes,
  ...keysRoutes,
  ...peopleRoutes,
  ...settingsRoutes,
  ...secretsRoutes,
  ...auditRoutes,
  ...sessionRoutes,
} as const satisfies Record<string, Route>

export type Routes = typeof table
export type RouteName = keyof Routes
export const routes: Routes = table
/** The table as a list, for code that treats all routes alike. */
export const routeList: readonly (Route & { readonly name: RouteName })[] = Object.entries(
  table,
).map(([name, route]) => ({ name: name as RouteName, ...route }))

type Part<N extends RouteName, K extends string> = Routes[N] extends Record<K, infer S> ? S : never
type InputOf<S> = S extends z.ZodType ? z.input<S> : never
type OutputOf<S> = S extends z.ZodType ? z.output<S> : never

/** What a client gives to call a route. */
export type RouteInput<N extends RouteName> = ([Part<N, 'params'>] extends [never]
  ? object
  : { params: InputOf<Part<N, 'params'>> }) &
  ([Part<N, 'query'>] extends [never] ? object : { query?: InputOf<Part<N, 'query'>> }) &
  ([Part<N, 'body'>] extends [never] ? object : { body: InputOf<Part<N, 'body'>> })

/** What a route answers when it succeeds; undefined for 204. */
export type RouteAnswer<N extends RouteName> = [Part<N, 'response'>] extends [never]
  ? undefined
  : OutputOf<Part<N, 'response'>>

/** What a handler receives, parsed. */
export interface RouteRequest<N extends RouteName> {
  params: OutputOf<Part<N, 'params'>>
  query: OutputOf<Part<N, 'query'>>
  body: OutputOf<Part<N, 'body'>>
}
