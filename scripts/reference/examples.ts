// What the examples of the API reference send. `$AGENT_ID` and the like are variables of the shell: the
// page shows where each comes from, and the test sets them.

import type { RouteInput, RouteName } from '@bookend/contract'

type Given<N extends RouteName> = Partial<Record<'params' | 'query' | 'body', unknown>> &
  Partial<Omit<RouteInput<N>, 'params'>>

const INTAKE = `workflow: intake
on: pre-call
parameters: { customer_name: { type: string, default: there } }
respond: { parameters: { customer_name: Ada } }
`

/** A route that is not here takes no query and no body, or none that is worth showing. */
export const examples: { readonly [N in RouteName]?: Given<N> } = {
  createAgent: {
    body: {
      name: 'Front desk',
      prompt: 'You greet {{customer_name}} and ask what they call about.',
      default_parameters: { customer_name: 'there' },
      analyzers: [{ title: 'mood', kind: 'sentiment' }],
    },
  },
  listAgents: { query: { limit: 20 } },
  updateAgent: {
    body: { pre_call_webhook_url: 'workflow:intake', pre_call_webhook_enabled: true },
  },
  talkToAgent: { body: { from_number: '+15550100001' } },
  createNumber: { body: { number: '+15550100900', label: 'Front desk' } },
  assignAgent: { body: { agent_uuid: '$AGENT_ID' } },
  inboundCall: { body: { from_number: '+15550100001', to_number: '+15550100900' } },
  prefetchCaller: { body: { from_number: '+15550100001', agent_id: '$AGENT_ID' } },
  createCall: { body: { agent_id: '$AGENT_ID', to_number: '+15550100001' } },
  listCalls: { query: { status: 'completed', limit: 20 } },
  findCallByAttribute: { query: { attribute: 'from_number', value: '+15550100001' } },
  tagCall: { body: { tags: ['call back'] } },
  analyzeCall: { body: { titles: ['mood'] } },
  appendTranscript: {
    body: {
      entries: [
        { sequence: 0, role: 'agent', text: 'Hello Ada, how can I help?' },
        { sequence: 1, role: 'user', text: 'My invoice is wrong.' },
      ],
    },
  },
  completeCall: { body: { ended_reason: 'caller_hung_up', summary: 'Asks about an invoice.' } },
  createEvent: {
    body: { event_type: 'sms.received', event_id: 'sms-4711', payload: { text: '5' } },
  },
  listEvents: { query: { event_type: 'call.completed' } },
  createWebhook: {
    body: { url: 'https://hooks.example.com/bookend', event_types: ['call.completed'] },
  },
  updateWebhook: { body: { rate_per_second: 20 } },
  replayWebhook: { body: { since: '2026-03-01T00:00:00Z', missed_only: true } },
  resendDead: { body: { limit: 100 } },
  searchDeliveries: { query: { status: 'dead' } },
  getWorkflow: { params: { name: 'intake' } },
  publishWorkflow: { params: { name: 'intake' }, body: { source: INTAKE } },
  unpublishWorkflow: { params: { name: 'intake' } },
  checkWorkflow: { params: { name: 'intake' }, body: { source: INTAKE } },
  listWorkflowVersions: { params: { name: 'intake' } },
  getWorkflowVersion: { params: { name: 'intake', version: '$VERSION' } },
  simulateWorkflow: {
    params: { name: 'intake' },
    body: { from_number: '+15550100001', to_number: '+15550100900' },
  },
  rotateWorkflowToken: { params: { name: 'intake' } },
  backtestWorkflow: { params: { name: 'intake' }, body: { last: 50 } },
  dryRunWorkflow: { params: { name: 'after-call' }, body: { call_id: '$CALL_ID' } },
  listRuns: { query: { workflow: 'after-call', status: 'failed' } },
  operateRuns: {
    body: { action: 'retry', filter: { workflow: 'after-call' }, dry_run: true },
  },
  replayRun: { body: {} },
  resolveStep: { params: { name: 'ask' }, body: { it: 'was_done' } },
  listHandoffs: { query: { assign: 'team:support' } },
  claimHandoff: { body: { by: 'Ben' } },
  answerHandoff: { body: { answer: { decision: 'call-back' }, by: 'Ben' } },
  reassignHandoff: { body: { assign: 'team:billing' } },
  snoozeHandoff: { body: { until: null } },
  pauseWorkflow: { params: { name: 'after-call' }, body: { reason: 'The CRM is being moved' } },
  resumeWorkflow: { params: { name: 'after-call' } },
  pauseConnection: { body: { reason: 'Maintenance' } },
  createConnection: {
    body: {
      name: 'http/desk',
      settings: { base_url: 'https://desk.example.com/api' },
      auth: { kind: 'bearer', token: '$DESK_TOKEN' },
    },
  },
  installConnection: { params: { connector: 'hubspot', connection: 'main' } },
  updateConnection: { body: { auth: { kind: 'bearer', token: '$DESK_TOKEN' } } },
  createPlatform: {
    body: {
      platform: 'sip',
      name: 'main',
      options: { username: 'kamailio', password: '$SIP_PASSWORD' },
      default_agent_id: '$AGENT_ID',
    },
  },
  updatePlatform: { body: { analysis_wait_minutes: 10 } },
  setUpPlatform: { body: { agent_ids: [] } },
  createKey: { body: { label: 'A voice platform', scopes: ['calls'] } },
  createPerson: { body: { name: 'Ben', email: 'ben@example.com', role: 'support' } },
  updatePerson: { body: { role: 'admin' } },
  reveal: { body: { handle: 'call/$CALL_ID/from_number' } },
  updateSettings: { body: { retention: { transcripts_days: 30 } } },
  previewRetention: { body: { calls_days: 30 } },
  rotateSecrets: { body: { make_key: false } },
  listAudit: { query: { action: 'agent.updated' } },
  createSession: { body: { key: '$BOOKEND_API_KEY' } },
}

/** What stands in a path, where a route says nothing else. */
export const inPaths: Readonly<Record<string, string>> = {
  'agents/{id}': '$AGENT_ID',
  'numbers/{id}': '$NUMBER_ID',
  'calls/{id}': '$CALL_ID',
  'events/{event_id}': 'sms-4711',
  'webhooks/{endpoint_id}': '$WEBHOOK_ID',
  'deliveries/{id}': '$DELIVERY_ID',
  'runs/{id}': '$RUN_ID',
  'handoffs/{id}': '$HANDOFF_ID',
  'scheduled_calls/{id}': '$SCHEDULED_CALL_ID',
  'keys/{id}': '$KEY_ID',
  'people/{id}': '$PERSON_ID',
  'connectors/{connector}': 'http',
  'connections/{connector}': 'http',
  '{connector}/{connection}': 'desk',
  'platforms/{platform}': 'sip',
  '{platform}/{connection}': 'main',
}
