import type { FakeState } from './fake-api.ts'
import { at, makeAgent, session, uuid } from './fixtures.ts'
import { scenes } from './scenes.ts'

export const makeState = (given: Partial<FakeState> = {}): FakeState => ({
  session,
  scenes,
  agents: [
    makeAgent(),
    makeAgent({
      id: uuid(11),
      version: 1,
      name: 'Sales',
      pre_call_webhook_url: 'https://hooks.acme.example/pre-call',
      pre_call_webhook_enabled: false,
      pre_call_webhook_auth_token: null,
      default_parameters: {},
    }),
  ],
  workflows: [
    {
      name: 'support-intake',
      kind: 'pre-call',
      form: 'typescript',
      version: '9c07d1e2a4b5',
      budget_ms: 4_500,
      on: null,
      parameters: ['customer_name', 'vip', 'open_tickets', 'account'],
      connections: { crm: 'hubspot/main', desk: 'zendesk/main' },
      updated_at: at(-3_600_000),
    },
    {
      name: 'after-support',
      kind: 'journey',
      form: 'yaml',
      version: '51c07e2a99d1',
      budget_ms: null,
      on: 'call.completed',
      parameters: [],
      connections: { crm: 'hubspot/main', sms: 'twilio/main' },
      updated_at: at(-7_200_000),
    },
  ],
  numbers: [
    {
      id: uuid(70),
      number: '+15550100900',
      label: 'Main line',
      agent_id: uuid(10),
      agent_version: null,
      created_at: at(-864_000_000),
    },
    {
      id: uuid(71),
      number: '+15550100901',
      label: '',
      agent_id: null,
      agent_version: null,
      created_at: at(-864_000_000),
    },
  ],
  webhooks: [
    {
      id: uuid(50),
      url: 'https://ops.acme.example/bookend',
      event_types: ['call.started', 'call.completed'],
      description: 'Operations board',
      payload: 'thin',
      enabled: true,
      disabled_reason: null,
      created_at: at(-864_000_000),
      updated_at: at(-864_000_000),
    },
    {
      id: uuid(51),
      url: 'https://old.acme.example/hook',
      event_types: [],
      description: '',
      payload: 'full',
      enabled: false,
      disabled_reason: 'Every delivery of the last 5 days failed',
      created_at: at(-864_000_000),
      updated_at: at(-864_000_000),
    },
  ],
  ...given,
})
