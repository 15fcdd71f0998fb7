import { describe, expect, test } from 'vitest'
import { describeHydration } from '../testing/conformance-hydration.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { answerOf, loadFixture } from '../testing/fixture.ts'
import { findDifference } from '../testing/subset.ts'
import { simpleAi } from './index.ts'

adapterConformance(simpleAi, {
  signsBody: ['events'],
  timed: { events: 300_000 },
  unheardOf: { body: '{"event_type":"call.paused","payload":{"call_id":"c1"}}' },
})

describeHydration(simpleAi, {
  body: { simple_uuid: 'c1', ended_at: '2026-03-02T15:05:09Z', duration: '60' },
  call: { status: 'completed', ended_at: '2026-03-02T15:05:09.000Z', duration: 60 },
})

describe('a thin event of Simple AI', () => {
  const fixture = loadFixture('simple-ai', 'hydrate.call-record')
  const options = simpleAi.options.parse(fixture.options)

  test('is filled from the call’s record', () => {
    expect(simpleAi.hydrate.request('a/b', options)).toMatchObject({
      url: 'https://api.prod.usesimple.ai/api/v1/calls/a%2Fb',
      headers: { authorization: 'simple-ai-api-key' },
    })
    const read = simpleAi.hydrate.read(
      answerOf(fixture.answer?.status ?? 0, fixture.answer?.body),
      options,
    )
    expect(read.kind).toBe('call')
    const { neutral_call: call, ...rest } = fixture.expect ?? {}
    expect(findDifference(read, { ...rest, call })).toBeNull()
  })

  test('is asked again while the record lags behind it, and read once it has ended', () => {
    const { answers = [], expect: wanted } = loadFixture('simple-ai', 'hydrate.sequence')
    const reads = answers.map(({ status, body }) =>
      simpleAi.hydrate.read(answerOf(status, body), options),
    )
    expect(reads.map(({ kind }) => kind)).toEqual(['not_yet', 'not_yet', 'call'])
    expect(findDifference(reads.at(-1), { call: wanted?.['neutral_call'] })).toBeNull()
  })

  test('is never asked for without an API key', () => {
    const { api_key: _, ...keyless } = options
    expect(simpleAi.hydrate.request('c1', keyless)).toBeNull()
  })
})

test('values that a summary or status may hold are read without knowing their words', () => {
  const options = simpleAi.options.parse(loadFixture('simple-ai', 'pre-call.inbound').options)
  const callOf = (more: object) => {
    const body = { ended_at: '2026-03-02T15:05:09Z', ...more }
    const read = simpleAi.hydrate.read(answerOf(200, body), options)
    return read.kind === 'call' ? read.call : null
  }
  expect(callOf({ summary: 'short', status: 'no-answer' })).toMatchObject({
    summary: 'short',
    status: 'no_answer',
  })
  expect(callOf({ summary: { gist: 1 }, status: 'hung up' })).toMatchObject({
    summary: '{"gist":1}',
    status: 'completed',
  })
  expect(callOf({ summary: {}, answered_by: 'fax' })).toMatchObject({
    summary: null,
    answered_by: 'unknown',
  })
})
