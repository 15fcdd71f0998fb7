// Whole calls with what happened around them: one for each way a call can go.

import type { Call, CallListItem, Trace } from '@bookend/contract'
import { at, makeCall, makeRow, makeRun, makeStep, makeTrace, uuid } from './fixtures.ts'

export interface Scene {
  call: Call
  row: CallListItem
  trace: Trace
}

const TICKETS_INPUT = { action: 'tickets.open', requester: '+15550100001' }

/** Answered with a default: one step was cut at its own limit. */
export const partial: Scene = makeScene(20, {
  call: {
    params: {
      account: { id: 'A-1042', since: 2021 },
      channel: 'test',
      customer_name: 'Ada Lovelace',
      open_tickets: [],
      plan: 'unknown',
      vip: true,
    },
    prompt: {
      prompt_text:
        'You help Ada Lovelace, a unknown customer with [] open tickets.\n\nBe brief. Offer a callback when the matter is not solved in five minutes.',
      created_at: at(2_010),
    },
    ended_reason: 'hangup',
    answered_by: 'human',
    summary: 'The router is dead again, for the third time this month. A callback was promised.',
    analysis_results: [
      { title: 'sentiment', result: 0.35 },
      { title: 'resolved', result: false },
    ],
    external_identifiers: { crm: 'A-1042' },
    transcripts: [
      say(1, 'agent', 'Hi Ada Lovelace! How can I help?', 2_400),
      say(2, 'user', 'My router is dead again. This is the third time this month.', 7_100),
      {
        ...say(3, 'tool', '1 outage in your area', 9_000),
        function_name: 'find_outages',
        arguments: { area: 'NW3' },
      },
      say(
        4,
        'agent',
        'There is an outage in your area. Shall we call you back when it is over?',
        11_800,
      ),
      say(5, 'user', 'Yes, please.', 16_200),
    ],
  },
  row: {
    pre_call: { status: 'partial', duration_ms: 2_010, budget_ms: 4_750, missing_count: 1 },
    journeys: { total: 2, completed: 1, failed: 0, waiting: 1 },
  },
  trace: {
    pre_call: makeRun({
      status: 'partial',
      duration_ms: 2_010,
      parameters: {
        account: { id: 'A-1042', since: 2021 },
        customer_name: 'Ada Lovelace',
        open_tickets: [],
        vip: true,
      },
      missing: [{ name: 'tickets', reason: 'timed_out', step: 'tickets' }],
      steps: [
        makeStep({ name: 'normalize number', start_ms: 0, duration_ms: 4, output: '+15550100001' }),
        makeStep({
          name: 'contact',
          connection: 'hubspot/main',
          action: 'contacts.find',
          limit_ms: 1_500,
          input: { phone: '+15550100001' },
          output: { name: 'Ada Lovelace', tier: 'vip' },
          phases: [
            {
              queuedMs: 0,
              dnsMs: 12,
              connectMs: 21,
              tlsMs: 48,
              sendMs: 1,
              waitMs: 214,
              receiveMs: 9,
              totalMs: 305,
            },
          ],
        }),
        makeStep({
          name: 'account',
          connection: 'postgres/crm',
          status: 'cached',
          duration_ms: 12,
          output: { id: 'A-1042', since: 2021 },
        }),
        makeStep({
          name: 'tickets',
          connection: 'zendesk/main',
          action: 'tickets.open',
          status: 'cut',
          start_ms: 6,
          duration_ms: 2_000,
          limit_ms: 2_000,
          default_used: true,
          input: TICKETS_INPUT,
          output: [],
          error: 'No answer within 2 000 ms',
        }),
        makeStep({
          name: 'coupon',
          status: 'skipped',
          start_ms: 310,
          duration_ms: 0,
          error: 'plan is not pro',
        }),
        makeStep({
          name: 'warm cache',
          start_ms: 2_012,
          duration_ms: 3_400,
          after_answer: true,
          output: { stored: 3 },
        }),
      ],
    }),
    events: [
      { event_id: 'evt_1', event_type: 'call.started', created_at: at(2_020) },
      { event_id: 'evt_2', event_type: 'call.transcript_update', created_at: at(7_200) },
      { event_id: 'evt_3', event_type: 'call.completed', created_at: at(252_400) },
    ],
    journeys: [
      makeRun({
        id: uuid(41),
        kind: 'journey',
        workflow: 'after-support',
        status: 'waiting',
        event_id: 'evt_3',
        event_type: 'call.completed',
        started_at: at(252_600),
        finished_at: null,
        duration_ms: null,
        deadline_ms: null,
        budget_ms: null,
        outcome: null,
        steps: [
          makeStep({
            name: 'log call',
            connection: 'hubspot/main',
            action: 'calls.log',
            start_ms: 0,
            duration_ms: 2_830,
            input: { contact: 'A-1042', body: 'The router is dead again.' },
            output: { id: 'note_551' },
            attempts: [
              {
                attempt: 1,
                started_at: at(252_600),
                duration_ms: 612,
                error: 'HTTP 503 from api.hubapi.com',
              },
              { attempt: 2, started_at: at(255_240), duration_ms: 190, error: null },
            ],
          }),
          makeStep({
            name: 'thank you',
            connection: 'twilio/main',
            action: 'messages.send',
            start_ms: 2_840,
            duration_ms: 412,
            output: { sid: 'SM71' },
            attempts: [{ attempt: 1, started_at: at(255_440), duration_ms: 412, error: null }],
          }),
          makeStep({
            name: 'a day later',
            kind: 'sleep',
            status: 'waiting',
            start_ms: 3_260,
            duration_ms: null,
            limit_ms: 86_400_000,
          }),
        ],
      }),
      makeRun({
        id: uuid(42),
        kind: 'journey',
        workflow: 'warehouse-row',
        status: 'completed',
        event_id: 'evt_3',
        event_type: 'call.completed',
        started_at: at(252_600),
        duration_ms: 184,
        deadline_ms: null,
        budget_ms: null,
        outcome: null,
        steps: [
          makeStep({
            name: 'insert row',
            connection: 'postgres/warehouse',
            start_ms: 1,
            duration_ms: 182,
            output: { rows: 1 },
            attempts: [{ attempt: 1, started_at: at(252_601), duration_ms: 182, error: null }],
          }),
        ],
      }),
    ],
    deliveries: [
      {
        id: uuid(61),
        webhook_id: uuid(50),
        event_id: 'evt_1',
        event_type: 'call.started',
        call_id: uuid(20),
        status: 'delivered',
        attempts: 1,
        next_attempt_at: null,
        last_status: 204,
        last_error: null,
        created_at: at(2_020),
        attempt_log: [
          {
            attempt: 1,
            started_at: at(2_050),
            duration_ms: 88,
            status: 204,
            error: null,
            phases: null,
          },
        ],
      },
      {
        id: uuid(62),
        webhook_id: uuid(50),
        event_id: 'evt_3',
        event_type: 'call.completed',
        call_id: uuid(20),
        status: 'pending',
        attempts: 2,
        next_attempt_at: at(390_000),
        last_status: 500,
        last_error: 'http_status',
        created_at: at(252_400),
        attempt_log: [
          {
            attempt: 1,
            started_at: at(252_450),
            duration_ms: 140,
            status: 500,
            error: 'http_status',
            phases: null,
          },
          {
            attempt: 2,
            started_at: at(282_450),
            duration_ms: 10_000,
            status: null,
            error: 'No answer within 10 s',
            phases: null,
          },
        ],
      },
    ],
  },
})

/** The workflow threw: its fallback was sent. */
export const fallback: Scene = makeScene(21, {
  call: {
    from_number: 'anonymous',
    from_number_e164: null,
    duration: 48,
    params: { customer_name: 'there', plan: 'unknown' },
    outcome: { type: 'transfer', to_number: '+15550100777', message: 'One moment, please.' },
    status: 'transferred',
  },
  row: { pre_call: { status: 'fallback', duration_ms: 4_802, budget_ms: 4_750, missing_count: 1 } },
  trace: {
    pre_call: makeRun({
      id: uuid(31),
      status: 'fallback',
      duration_ms: 4_802,
      parameters: { customer_name: 'there' },
      outcome: { type: 'transfer', to_number: '+15550100777', message: 'One moment, please.' },
      missing: [{ name: 'customer_name', reason: 'timed_out', step: 'contact' }],
      failure: 'timeout',
      error: 'The workflow did not return within its budget',
      steps: [
        makeStep({
          name: 'contact',
          connection: 'hubspot/main',
          status: 'cut',
          duration_ms: 4_740,
          error: 'Cut at the reply point',
        }),
        makeStep({ name: 'tickets', status: 'not_started', start_ms: 4_746, duration_ms: 0 }),
      ],
    }),
  },
})

/** The answer came late, and a journey failed for good. */
export const failed: Scene = makeScene(22, {
  call: { from_number: '+447700900146', duration: 123, params: { plan: 'unknown' } },
  row: {
    pre_call: { status: 'partial', duration_ms: 5_733, budget_ms: 4_750, missing_count: 1 },
    journeys: { total: 1, completed: 0, failed: 1, waiting: 0 },
  },
  trace: {
    pre_call: makeRun({
      id: uuid(32),
      status: 'partial',
      duration_ms: 5_733,
      parameters: {},
      missing: [{ name: 'billing', reason: 'failed', step: 'billing' }],
      steps: [
        makeStep({
          name: 'billing',
          connection: 'stripe/main',
          status: 'failed',
          start_ms: 8,
          duration_ms: 220,
          default_used: true,
          error: 'HTTP 503 from api.stripe.com',
        }),
        makeStep({ name: 'contact', start_ms: 230, duration_ms: 5_490, output: { name: 'Ben' } }),
      ],
    }),
    journeys: [
      makeRun({
        id: uuid(43),
        kind: 'journey',
        workflow: 'after-support',
        status: 'failed',
        event_type: 'call.completed',
        started_at: at(125_000),
        duration_ms: 7_800_000,
        deadline_ms: null,
        budget_ms: null,
        outcome: null,
        error: 'Step "log call" failed for good: HTTP 401 from api.hubapi.com',
        steps: [
          makeStep({
            name: 'log call',
            connection: 'hubspot/main',
            action: 'calls.log',
            status: 'failed',
            start_ms: 0,
            duration_ms: 7_800_000,
            error: 'HTTP 401 from api.hubapi.com: the token was revoked',
            attempts: [
              { attempt: 1, started_at: at(125_000), duration_ms: 301, error: 'HTTP 401' },
              { attempt: 2, started_at: at(7_924_000), duration_ms: 288, error: 'HTTP 401' },
            ],
          }),
        ],
      }),
    ],
  },
})

/** People are talking; the pre-call run is over and no journey has started. */
export const talking: Scene = makeScene(23, {
  call: {
    status: 'in_progress',
    from_number: 'sip:desk-4@acme.example',
    ended_at: null,
    duration: null,
    params: { customer_name: 'Grace', plan: 'pro' },
    transcripts: [say(1, 'agent', 'Hi Grace! How can I help?', 900)],
  },
  row: {},
  trace: {
    pre_call: makeRun({
      id: uuid(33),
      duration_ms: 41,
      parameters: { customer_name: 'Grace', plan: 'pro' },
      steps: [makeStep({ name: 'contact', status: 'cached', start_ms: 1, duration_ms: 39 })],
    }),
  },
})

/** Turned away before the first word; no workflow was set. */
export const rejected: Scene = makeScene(24, {
  call: {
    status: 'rejected',
    from_number: '+15550100017',
    duration: null,
    started_at: null,
    agent_name: null,
    agent_id: null,
    agent_version: null,
    pre_call_run_id: null,
    outcome: { type: 'reject', reason: 'blocked number' },
  },
  row: { pre_call: null },
  trace: {},
})

export const scenes: readonly Scene[] = [talking, partial, failed, fallback, rejected]

interface ScenePart {
  call: Partial<Call>
  row: Partial<CallListItem>
  trace: Partial<Trace>
}

function makeScene(number: number, { call, row, trace }: ScenePart): Scene {
  const id = uuid(number)
  const made = makeCall({ simple_uuid: id, uuid: id, ...call })
  const { pre_call = null, journeys = [] } = trace
  const whole = makeTrace({
    ...trace,
    call_id: id,
    pre_call: pre_call === null ? null : { ...pre_call, call_id: id },
    journeys: journeys.map((run) => ({ ...run, call_id: id })),
  })
  return { call: made, row: makeRow(made, row), trace: whole }
}

function say(
  sequence: number,
  role: 'agent' | 'user' | 'tool',
  text: string,
  atMs: number,
): Call['transcripts'][number] {
  return { sequence, role, text, timestamp: at(atMs), function_name: null, arguments: null }
}
