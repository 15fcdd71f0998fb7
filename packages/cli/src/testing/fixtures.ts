// Records as the API gives them, with what a test cares about put in.

import type { Delivery, InboundAnswer, Run, RunStep, Trace } from '@bookend/contract'
import { madeUpCall } from '@bookend/sdk/testing'

export const CALL_ID = '018f4c1e-0000-7000-8000-00000000c0de'
const AGENT_ID = '018f4c1e-0000-7000-8000-0000000a6e27'
const AT = '2026-01-01T00:00:00.000Z'

export const step = (given: Partial<RunStep> = {}): RunStep => ({
  name: 'patient',
  kind: 'step',
  status: 'ok',
  start_ms: 0,
  duration_ms: 100,
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

export const run = (given: Partial<Run> = {}): Run => ({
  id: '018f4c1e-0000-7000-8000-000000000001',
  kind: 'pre-call',
  workflow: 'clinic-intake',
  version: null,
  status: 'answered',
  call_id: CALL_ID,
  agent_id: AGENT_ID,
  event_id: null,
  event_type: null,
  key: null,
  started_at: AT,
  finished_at: null,
  duration_ms: 120,
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

export const journey = (given: Partial<Run> = {}): Run =>
  run({
    id: '018f4c1e-0000-7000-8000-000000000002',
    kind: 'journey',
    workflow: 'after-visit',
    status: 'completed',
    event_type: 'call.completed',
    deadline_ms: null,
    budget_ms: null,
    outcome: null,
    ...given,
  })

export const delivery = (given: Partial<Delivery> = {}): Delivery => ({
  id: '018f4c1e-0000-7000-8000-000000000003',
  webhook_id: '018f4c1e-0000-7000-8000-000000000004',
  event_id: 'evt_1',
  event_type: 'call.completed',
  call_id: CALL_ID,
  status: 'delivered',
  attempts: 1,
  next_attempt_at: null,
  last_status: 200,
  last_error: null,
  created_at: AT,
  attempt_log: [],
  ...given,
})

export const trace = (given: Partial<Trace> = {}): Trace => ({
  call_id: CALL_ID,
  pre_call: run(),
  events: [],
  journeys: [],
  deliveries: [],
  ...given,
})

type AnswerPart = Partial<Omit<InboundAnswer, 'agent' | 'call'>> & { greeting?: string | null }

export const answer = ({ greeting = 'Hi Ada!', ...given }: AnswerPart = {}): InboundAnswer => ({
  call: madeUpCall({
    simple_uuid: CALL_ID,
    uuid: CALL_ID,
    status: 'in_progress',
    started_at: AT,
    ended_at: null,
    duration: null,
    created_at: AT,
    answered_by: null,
    agent_id: AGENT_ID,
    agent_version: 1,
    agent_name: 'Front desk',
    platform: 'api',
  }),
  agent: {
    id: AGENT_ID,
    name: 'Front desk',
    prompt: '',
    first_message: greeting,
    voice_id: null,
    language: 'en',
  },
  parameters: { customer_name: 'Ada', open_tickets: 0 },
  outcome: { type: 'continue' },
  pre_call: {
    run_id: '018f4c1e-0000-7000-8000-000000000001',
    status: 'answered',
    duration_ms: 120,
    budget_ms: 4_750,
    missing: [],
    failure: null,
  },
  ...given,
})
