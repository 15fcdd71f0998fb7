// A workspace that remembers what is written to it, as handlers of the fake API.

import type { Agent, AgentUpdate, RouteName } from '@bookend/contract'
import { at, session, uuid } from './fixtures.ts'
import { partial } from './scenes.ts'
import { type FakeHandler, type FakeState, ok, refuse } from './fake-api.ts'

export function createWorkspace(state: FakeState): Partial<Record<RouteName, FakeHandler>> {
  const findScene = (id: string | undefined) => state.scenes.find(({ call }) => call.uuid === id)
  const findAgent = (id: string | undefined) => state.agents.find((agent) => agent.id === id)
  const findDeliveries = () => state.scenes.flatMap(({ trace }) => trace.deliveries)
  return {
    getSession: () =>
      state.session === null
        ? refuse('unauthenticated', 'Sign in with an API key.')
        : ok(state.session),
    createSession: ({ body }) => {
      const { key } = body as { key: string }
      if (!key.startsWith('bk_')) return refuse('unauthenticated', 'This key is not known.')
      state.session = session
      return ok(session, 201)
    },
    deleteSession: () => {
      state.session = null
      return new Response(null, { status: 204 })
    },
    listCalls: ({ query }) => {
      const calls = state.scenes
        .map(({ row }) => row)
        .filter(({ status }) => [null, status].includes(query.get('status') as never))
        .filter((row) => [null, row.from_number].includes(query.get('from_number')))
      return ok({ calls, next_cursor: null })
    },
    getCall: ({ params }) => {
      const scene = findScene(params['id'])
      return scene === undefined ? refuse('not_found', 'There is no such call.') : ok(scene.call)
    },
    getCallTrace: ({ params }) => {
      const scene = findScene(params['id'])
      return scene === undefined ? refuse('not_found', 'There is no such call.') : ok(scene.trace)
    },
    getOverview: () => ok(state.overview),
    listPauses: () => ok({ pauses: state.pauses }),
    listConnections: () => ok({ connections: [] }),
    listHandoffs: () => ok({ handoffs: [], next_cursor: null }),
    listAgents: () => ok({ agents: state.agents, next_cursor: null }),
    getAgent: ({ params }) => {
      const agent = findAgent(params['id'])
      return agent === undefined ? refuse('not_found', 'There is no such agent.') : ok(agent)
    },
    updateAgent: ({ params, body, headers }) => {
      const agent = findAgent(params['id'])
      if (agent === undefined) return refuse('not_found', 'There is no such agent.')
      if (headers.get('if-match') !== `"${agent.version}"`) {
        return refuse('version_conflict', `The agent is at version ${agent.version} by now.`)
      }
      const { pre_call_webhook_auth_token: token, ...patch } = body as AgentUpdate
      const mask = token === null ? null : `••••${token?.slice(-4)}`
      const stored = token === undefined ? agent.pre_call_webhook_auth_token : mask
      Object.assign(agent, patch, {
        version: agent.version + 1,
        pre_call_webhook_auth_token: stored,
        updated_at: at(0),
      } satisfies Partial<Agent>)
      return ok({ ...agent, warnings: [] })
    },
    createAgent: ({ body }) => {
      const base = state.agents[0]
      if (base === undefined) return refuse('internal', 'The fake has no agent to start from.')
      const agent: Agent = {
        ...base,
        id: uuid(900 + state.agents.length),
        version: 1,
        prompt: '',
        first_message: null,
        default_parameters: {},
        pre_call_webhook_auth_token: null,
        ...(body as Partial<Agent>),
      }
      state.agents.push(agent)
      return ok({ ...agent, warnings: [] }, 201)
    },
    deleteAgent: ({ params }) => {
      state.agents = state.agents.filter(({ id }) => id !== params['id'])
      return new Response(null, { status: 204 })
    },
    listWorkflows: () => ok({ workflows: state.workflows }),
    getWorkflow: ({ params }) => {
      const workflow = state.workflows.find(({ name }) => name === params['name'])
      return workflow === undefined
        ? refuse('not_found', 'There is no such workflow.')
        : ok(workflow)
    },
    listWorkflowVersions: () => ok({ versions: [] }),
    listRuns: ({ query }) => {
      const runs = state.scenes
        .flatMap(({ trace }) => [trace.pre_call, ...trace.journeys])
        .filter((run) => run?.workflow === query.get('workflow'))
      return ok({ runs, next_cursor: null })
    },
    simulateWorkflow: () => {
      const run = partial.trace.pre_call
      return ok({
        simulated: true,
        parameters: run?.parameters,
        outcome: run?.outcome,
        missing: run?.missing,
        agent: null,
        run,
      })
    },
    listNumbers: () => ok({ numbers: state.numbers, next_cursor: null }),
    listWebhooks: () => ok({ webhooks: state.webhooks, next_cursor: null }),
    getWebhook: ({ params }) => {
      const webhook = state.webhooks.find(({ id }) => id === params['endpoint_id'])
      return webhook === undefined ? refuse('not_found', 'There is no such endpoint.') : ok(webhook)
    },
    getWebhookSecret: () => ok({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }),
    updateWebhook: ({ params, body }) => {
      const webhook = state.webhooks.find(({ id }) => id === params['endpoint_id'])
      if (webhook === undefined) return refuse('not_found', 'There is no such endpoint.')
      return ok(Object.assign(webhook, body))
    },
    listDeliveries: () => ok({ deliveries: findDeliveries(), next_cursor: null }),
    searchDeliveries: ({ query }) => {
      const deliveries = findDeliveries()
        .filter(({ status }) => [null, status].includes(query.get('status') as never))
        .filter((each) => [null, each.webhook_id].includes(query.get('endpoint_id')))
        .filter((each) => [null, each.event_type].includes(query.get('event_type')))
      return ok({ deliveries, next_cursor: null })
    },
    getDelivery: ({ params }) => {
      const delivery = findDeliveries().find(({ id }) => id === params['id'])
      return delivery === undefined
        ? refuse('not_found', 'There is no such delivery.')
        : ok(delivery)
    },
  }
}
