// Every route of the API, once. The server registers from this table, the client calls through it,
// the OpenAPI document is generated from it, and tests walk it.

import { z } from 'zod'
import * as access from './access.ts'
import * as agents from './agents.ts'
import * as callers from './callers.ts'
import * as calls from './calls.ts'
import * as events from './events.ts'
import * as numbers from './numbers.ts'
import { uuid } from './primitives.ts'
import * as runs from './runs.ts'
import * as webhooks from './webhooks.ts'
import * as workflows from './workflows.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  /** Below `/api/v1`; path parameters as `{name}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** The scope a key needs; null where no key is asked for. */
  readonly scope: access.Scope | null
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly status: number
  /** Absent: no content. */
  readonly response?: z.ZodType
}

const byId = z.strictObject({ id: uuid() })
const byEndpoint = z.strictObject({ endpoint_id: uuid() })
const none = z.strictObject({})

const table = {
  createAgent: {
    method: 'POST',
    path: '/agents',
    tag: 'Agents',
    scope: 'write',
    summary: 'Create an agent',
    body: agents.AgentCreate,
    status: 201,
    response: agents.AgentWritten,
  },
  listAgents: {
    method: 'GET',
    path: '/agents',
    tag: 'Agents',
    scope: 'read',
    summary: 'List agents',
    query: agents.AgentListQuery,
    status: 200,
    response: agents.AgentList,
  },
  getAgent: {
    method: 'GET',
    path: '/agents/{id}',
    tag: 'Agents',
    scope: 'read',
    summary: 'Get an agent',
    params: byId,
    status: 200,
    response: agents.Agent,
  },
  updateAgent: {
    method: 'PATCH',
    path: '/agents/{id}',
    tag: 'Agents',
    scope: 'write',
    summary: 'Update an agent; If-Match takes the version it was edited from',
    params: byId,
    body: agents.AgentUpdate,
    status: 200,
    response: agents.AgentWritten,
  },
  deleteAgent: {
    method: 'DELETE',
    path: '/agents/{id}',
    tag: 'Agents',
    scope: 'write',
    summary: 'Delete an agent that no number uses',
    params: byId,
    status: 204,
  },
  createNumber: {
    method: 'POST',
    path: '/numbers',
    tag: 'Numbers',
    scope: 'write',
    summary: 'Add a phone number',
    body: numbers.NumberCreate,
    status: 201,
    response: numbers.PhoneNumber,
  },
  listNumbers: {
    method: 'GET',
    path: '/numbers',
    tag: 'Numbers',
    scope: 'read',
    summary: 'List phone numbers',
    query: numbers.NumberListQuery,
    status: 200,
    response: numbers.NumberList,
  },
  deleteNumber: {
    method: 'DELETE',
    path: '/numbers/{id}',
    tag: 'Numbers',
    scope: 'write',
    summary: 'Remove a phone number',
    params: byId,
    status: 204,
  },
  assignAgent: {
    method: 'POST',
    path: '/numbers/{id}/assign_agent',
    tag: 'Numbers',
    scope: 'write',
    summary: 'Say which agent answers a number',
    params: byId,
    body: numbers.AssignAgent,
    status: 200,
    response: numbers.Message,
  },
  inboundCall: {
    method: 'POST',
    path: '/calls/inbound',
    tag: 'Calls',
    scope: 'calls',
    summary: 'A call comes in: run the pre-call workflow and say how to answer it',
    body: calls.InboundCall,
    status: 201,
    response: calls.InboundAnswer,
  },
  prefetchCaller: {
    method: 'POST',
    path: '/callers/prefetch',
    tag: 'Calls',
    scope: 'calls',
    summary: 'A call is about to come: look up now what its workflow keeps in its cache',
    body: callers.CallerPrefetch,
    status: 202,
    response: callers.PrefetchAnswer,
  },
  createCall: {
    method: 'POST',
    path: '/calls',
    tag: 'Calls',
    scope: 'calls',
    summary: 'Place a call through a connected platform that can dial',
    body: calls.OutboundCall,
    status: 201,
    response: calls.InboundAnswer,
  },
  listCalls: {
    method: 'GET',
    path: '/calls',
    tag: 'Calls',
    scope: 'read',
    summary: 'List calls, newest first',
    query: calls.CallListQuery,
    status: 200,
    response: calls.CallList,
  },
  findCallByAttribute: {
    method: 'GET',
    path: '/calls/find_by_attribute',
    tag: 'Calls',
    scope: 'read',
    summary: 'Find the newest call by a field, parameter or external identifier',
    query: calls.FindCallQuery,
    status: 200,
    response: calls.Call,
  },
  getCall: {
    method: 'GET',
    path: '/calls/{id}',
    tag: 'Calls',
    scope: 'read',
    summary: 'Get a call',
    params: byId,
    status: 200,
    response: calls.Call,
  },
  getCallTrace: {
    method: 'GET',
    path: '/calls/{id}/trace',
    tag: 'Calls',
    scope: 'read',
    summary: 'Everything that happened around a call',
    params: byId,
    status: 200,
    response: runs.Trace,
  },
  tagCall: {
    method: 'PATCH',
    path: '/calls/{id}/tags',
    tag: 'Calls',
    scope: 'write',
    summary: 'Replace the tags of a call, by name or id',
    params: byId,
    body: calls.CallTags,
    status: 200,
    response: calls.Call,
  },
  appendTranscript: {
    method: 'POST',
    path: '/calls/{id}/transcript',
    tag: 'Calls',
    scope: 'calls',
    summary: 'Add transcript entries; any order, repeats welcome',
    params: byId,
    body: calls.TranscriptAppend,
    status: 202,
    response: calls.TranscriptAccepted,
  },
  completeCall: {
    method: 'POST',
    path: '/calls/{id}/complete',
    tag: 'Calls',
    scope: 'calls',
    summary: 'The call has ended',
    params: byId,
    body: calls.CallComplete,
    status: 202,
    response: calls.CompletionAccepted,
  },
  createEvent: {
    method: 'POST',
    path: '/events',
    tag: 'Events',
    scope: 'calls',
    summary: 'Store an event of your own; idempotent by event_id',
    body: events.EventCreate,
    status: 202,
    response: events.EventAccepted,
  },
  createWebhook: {
    method: 'POST',
    path: '/webhooks',
    tag: 'Webhooks',
    scope: 'write',
    summary: 'Subscribe an endpoint to events',
    body: webhooks.SubscriptionCreate,
    status: 201,
    response: webhooks.Subscription,
  },
  listWebhooks: {
    method: 'GET',
    path: '/webhooks',
    tag: 'Webhooks',
    scope: 'read',
    summary: 'List subscriptions',
    query: webhooks.SubscriptionListQuery,
    status: 200,
    response: webhooks.SubscriptionList,
  },
  getWebhook: {
    method: 'GET',
    path: '/webhooks/{endpoint_id}',
    tag: 'Webhooks',
    scope: 'read',
    summary: 'Get a subscription',
    params: byEndpoint,
    status: 200,
    response: webhooks.Subscription,
  },
  updateWebhook: {
    method: 'PATCH',
    path: '/webhooks/{endpoint_id}',
    tag: 'Webhooks',
    scope: 'write',
    summary: 'Change, enable or disable a subscription',
    params: byEndpoint,
    body: webhooks.SubscriptionUpdate,
    status: 200,
    response: webhooks.Subscription,
  },
  deleteWebhook: {
    method: 'DELETE',
    path: '/webhooks/{endpoint_id}',
    tag: 'Webhooks',
    scope: 'write',
    summary: 'End a subscription',
    params: byEndpoint,
    status: 204,
  },
  getWebhookSecret: {
    method: 'GET',
    path: '/webhooks/{endpoint_id}/secret',
    tag: 'Webhooks',
    scope: 'admin',
    summary: 'The secret that signs deliveries to this endpoint',
    params: byEndpoint,
    status: 200,
    response: webhooks.SubscriptionSecret,
  },
  rotateWebhookSecret: {
    method: 'POST',
    path: '/webhooks/{endpoint_id}/secret/rotate',
    tag: 'Webhooks',
    scope: 'admin',
    summary: 'Make a new signing secret; the one before signs beside it for a day',
    params: byEndpoint,
    status: 200,
    response: webhooks.SubscriptionSecretRotated,
  },
  testWebhook: {
    method: 'POST',
    path: '/webhooks/{endpoint_id}/test',
    tag: 'Webhooks',
    scope: 'write',
    summary: 'Send a webhook.test event to this endpoint alone',
    params: byEndpoint,
    status: 202,
    response: webhooks.SubscriptionTested,
  },
  replayWebhook: {
    method: 'POST',
    path: '/webhooks/{endpoint_id}/replay',
    tag: 'Webhooks',
    scope: 'write',
    summary: 'Send the events of a time again, under the same ids; at most 10,000 a request',
    params: byEndpoint,
    body: webhooks.SubscriptionReplay,
    status: 202,
    response: webhooks.SubscriptionReplayed,
  },
  getDelivery: {
    method: 'GET',
    path: '/deliveries/{id}',
    tag: 'Webhooks',
    scope: 'read',
    summary: 'Get a delivery with its attempts and what was answered',
    params: byId,
    status: 200,
    response: webhooks.Delivery,
  },
  resendDelivery: {
    method: 'POST',
    path: '/deliveries/{id}/resend',
    tag: 'Webhooks',
    scope: 'write',
    summary: 'Send a delivery again: the same event id, a fresh schedule',
    params: byId,
    status: 202,
    response: webhooks.Delivery,
  },
  listDeliveries: {
    method: 'GET',
    path: '/webhooks/{endpoint_id}/deliveries',
    tag: 'Webhooks',
    scope: 'read',
    summary: 'Deliveries to an endpoint, newest first',
    params: byEndpoint,
    query: webhooks.DeliveryListQuery,
    status: 200,
    response: webhooks.DeliveryList,
  },
  listWorkflows: {
    method: 'GET',
    path: '/workflows',
    tag: 'Workflows',
    scope: 'read',
    summary: 'List the workflows this server runs',
    query: none,
    status: 200,
    response: workflows.WorkflowList,
  },
  getWorkflow: {
    method: 'GET',
    path: '/workflows/{name}',
    tag: 'Workflows',
    scope: 'read',
    summary: 'Get a workflow',
    params: workflows.WorkflowParams,
    status: 200,
    response: workflows.Workflow,
  },
  simulateWorkflow: {
    method: 'POST',
    path: '/workflows/{name}/simulate',
    tag: 'Workflows',
    scope: 'write',
    summary: 'Run a pre-call workflow on a made-up call; nothing is stored, nothing is written',
    params: workflows.WorkflowParams,
    body: workflows.SimulationCreate,
    status: 200,
    response: workflows.Simulation,
  },
  rotateWorkflowToken: {
    method: 'POST',
    path: '/workflows/{name}/token/rotate',
    tag: 'Workflows',
    scope: 'admin',
    summary: "Make a token of the workflow's own endpoint; the one before it is valid for a day",
    params: workflows.WorkflowParams,
    status: 200,
    response: workflows.WorkflowToken,
  },
  listRuns: {
    method: 'GET',
    path: '/runs',
    tag: 'Runs',
    scope: 'read',
    summary: 'List runs, newest first',
    query: runs.RunListQuery,
    status: 200,
    response: runs.RunList,
  },
  getRun: {
    method: 'GET',
    path: '/runs/{id}',
    tag: 'Runs',
    scope: 'read',
    summary: 'Get a run with its steps',
    params: byId,
    status: 200,
    response: runs.Run,
  },
  createKey: {
    method: 'POST',
    path: '/keys',
    tag: 'Keys',
    scope: 'admin',
    summary: 'Make an API key; its value is shown once',
    body: access.KeyCreate,
    status: 201,
    response: access.KeyCreated,
  },
  listKeys: {
    method: 'GET',
    path: '/keys',
    tag: 'Keys',
    scope: 'admin',
    summary: 'List API keys',
    query: none,
    status: 200,
    response: access.KeyList,
  },
  deleteKey: {
    method: 'DELETE',
    path: '/keys/{id}',
    tag: 'Keys',
    scope: 'admin',
    summary: 'Revoke an API key',
    params: access.KeyParams,
    status: 204,
  },
  createSession: {
    method: 'POST',
    path: '/session',
    tag: 'Session',
    scope: null,
    summary: 'Sign in to the dashboard with an API key',
    body: access.SessionCreate,
    status: 201,
    response: access.Session,
  },
  getSession: {
    method: 'GET',
    path: '/session',
    tag: 'Session',
    scope: 'read',
    summary: 'Who is signed in',
    query: none,
    status: 200,
    response: access.Session,
  },
  deleteSession: {
    method: 'DELETE',
    path: '/session',
    tag: 'Session',
    scope: null,
    summary: 'Sign out',
    status: 204,
  },
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
