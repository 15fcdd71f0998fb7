// Records as the server sends them, for tests of the screens.

import type { Agent, Call, CallListItem, Run, RunStep, Session, Trace } from '@bookend/contract'

/** Instants count from here. */
const NOON_MS = Date.UTC(2026, 2, 3, 12, 0, 0)
export const at = (offsetMs: number): string => new Date(NOON_MS + offsetMs).toISOString()

export const uuid = (number: number): string =>
  `018f4c1e-0000-7000-8000-${String(number).padStart(12, '0')}`

export const session: Session = {
  workspace: { id: uuid(1), name: 'Acme Clinic' },
  scopes: ['admin'],
  key_label: 'first key',
  masked: false,
}

export const makeAgent = (given: Partial<Agent> = {}): Agent => ({
  id: uuid(10),
  version: 3,
  name: 'Support Agent',
  prompt:
    'You help {{customer_name}}, a {{plan}} customer with {{open_tickets}} open tickets.\n\nBe brief. Offer a callback when the matter is not solved in five minutes.',
  first_message: 'Hi {{customer_name}}! How can I help?',
  agent_speaks_first: true,
  voice_id: null,
  language: 'en',
  record: false,
  boost_keywords: [],
  pre_call_webhook_url: 'workflow:support-intake',
  pre_call_webhook_auth_token: '••••3f2a',
  pre_call_webhook_timeout: 5,
  pre_call_webhook_enabled: true,
  default_parameters: { plan: 'unknown', open_tickets: 0 },
  parameters_schema: null,
  analyzers: [],
  created_at: at(-864_000_000),
  updated_at: at(-86_400_000),
  ...given,
})

export const makeStep = (given: Partial<RunStep> = {}): RunStep => ({
  name: 'contact',
  kind: 'step',
  status: 'ok',
  start_ms: 4,
  duration_ms: 305,
  limit_ms: null,
  default_used: false,
  after_answer: false,
  connection: null,
  action: null,
  input: null,
  output: null,
  error: null,
  attempts: [],
  phases: null,
  cache: null,
  ...given,
})

export const makeRun = (given: Partial<Run> = {}): Run => ({
  id: uuid(30),
  kind: 'pre-call',
  workflow: 'support-intake',
  version: '9c07d1e2a4b5',
  status: 'answered',
  call_id: uuid(20),
  agent_id: uuid(10),
  event_id: null,
  event_type: null,
  key: null,
  started_at: at(0),
  finished_at: at(412),
  duration_ms: 412,
  deadline_ms: 5_000,
  budget_ms: 4_750,
  outcome: { type: 'continue' },
  parameters: {},
  missing: [],
  failure: null,
  error: null,
  steps: [],
  ...given,
})

export const makeCall = (given: Partial<Call> = {}): Call => ({
  id: null,
  simple_uuid: uuid(20),
  uuid: uuid(20),
  status: 'completed',
  direction: 'inbound',
  from_number: '+15550100001',
  to_number: '+15550100900',
  started_at: at(0),
  ended_at: at(252_000),
  duration: 252,
  created_at: at(0),
  params: {},
  external_identifiers: {},
  tags: [],
  transcripts: [],
  call_prompt: null,
  first_message: null,
  prompt: null,
  answered_by: null,
  analyzers: [],
  analysis_results: [],
  summary: null,
  transferred: false,
  recording_presigned_url: null,
  language: 'en',
  record: false,
  voice_id: null,
  background_noise: null,
  agent_speaks_first: true,
  from_number_e164: '+15550100001',
  to_number_e164: '+15550100900',
  agent_id: uuid(10),
  agent_version: 3,
  agent_name: 'Support Agent',
  platform: 'bookend',
  attestation: null,
  ended_reason: null,
  outcome: { type: 'continue' },
  flags: [],
  pre_call_run_id: uuid(30),
  ...given,
})

export const makeTrace = (given: Partial<Trace> = {}): Trace => ({
  call_id: uuid(20),
  pre_call: null,
  events: [],
  journeys: [],
  deliveries: [],
  ...given,
})

export function makeRow(call: Call, given: Partial<CallListItem> = {}): CallListItem {
  const {
    transcripts: _,
    call_prompt: __,
    first_message: _____,
    prompt: ___,
    analyzers: ____,
    ...row
  } = call
  return {
    ...row,
    pre_call: { status: 'answered', duration_ms: 412, budget_ms: 4_750, missing_count: 0 },
    journeys: { total: 0, completed: 0, failed: 0, waiting: 0 },
    ...given,
  }
}
