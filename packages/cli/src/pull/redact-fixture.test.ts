import { expect, test } from 'vitest'
import { redactFixture } from './redact-fixture.ts'

const FROM = '+14155552671'
const OWN = '+15550100900'

const fixture = {
  uuid: '0192f3a4-7c11-7000-8000-000000000001',
  direction: 'inbound',
  from_number: FROM,
  to_number: OWN,
  started_at: '2026-03-02T15:04:05.000Z',
  agent_name: 'Front Desk',
  params: { customer_name: 'Jane Doe', plan: 'pro', account_number: 4711 },
  external_identifiers: { twilio_sid: 'CA123' },
  summary: 'Jane asked to be called at (415) 555-2671 or jane.doe@corp.example on 2026-03-04.',
  transcripts: [
    { sequence: 1, role: 'agent', text: "Hello Jane, is this about Jane's bill of 1200 dollars?" },
    { sequence: 2, role: 'user', text: 'yes this is jane, my key is sk_live_abcdefgh12345678' },
  ],
  recorded: {
    pre_call: {
      workflow: 'intake',
      request: { call: { from_number: FROM, to_number: OWN }, agent: { name: 'Front Desk' } },
      parameters: { customer_name: 'Jane', greeting: 'there' },
      outcome: { type: 'transfer', to_number: '+15550100911', message: 'Jane, one moment' },
      steps: [
        {
          name: 'Jane',
          connection: 'postgres/shop',
          action: 'row.query_one',
          input: { sql: 'select 1', values: [FROM] },
          output: { first_name: 'Jane', last_name: 'Doe', birth_date: '1980-01-01' },
          error: null,
        },
      ],
    },
    journeys: ['follow-up'],
  },
}

const redacted = redactFixture(fixture)
const text = JSON.stringify(redacted)

test('nothing of who called is left', () => {
  const { name: _, ...step } = fixture.recorded.pre_call.steps[0] ?? { name: '' }
  expect(step).toHaveProperty('output')
  const words = text.replace('"name":"Jane"', '')
  for (const secret of [/jane/i, /\bDoe\b/, /corp/, /4155552671/, /555-2671/, /CA123/, /sk_live/]) {
    expect(words).not.toMatch(secret)
  }
  expect(text).not.toContain('1980')
  expect(text).not.toContain('4711')
})

test('what belonged together still does (D1)', () => {
  expect(redacted).toMatchObject({
    from_number: '+15550100001',
    params: { customer_name: 'Ada Grace', plan: 'pro' },
    transcripts: [
      { text: "Hello Ada, is this about Ada's bill of 1200 dollars?" },
      { text: 'yes this is ada, my key is token-1' },
    ],
    recorded: {
      pre_call: {
        request: { call: { from_number: '+15550100001' } },
        parameters: { customer_name: 'Ada', greeting: 'there' },
        steps: [
          {
            input: { values: ['+15550100001'] },
            output: { first_name: 'Ada', last_name: 'Grace' },
          },
        ],
      },
    },
  })
  expect(redactFixture(fixture)).toEqual(redacted)
})

test('what the code and the set-up say is left (D2)', () => {
  expect(redacted).toMatchObject({
    uuid: fixture.uuid,
    to_number: OWN,
    started_at: fixture.started_at,
    agent_name: 'Front Desk',
    summary: expect.stringContaining('on 2026-03-04.'),
    recorded: {
      pre_call: {
        workflow: 'intake',
        request: { agent: { name: 'Front Desk' } },
        outcome: { type: 'transfer', to_number: '+15550100911', message: 'Ada, one moment' },
        steps: [{ name: 'Jane', connection: 'postgres/shop', input: { sql: 'select 1' } }],
      },
      journeys: ['follow-up'],
    },
  })
})
