import { describe, expect, test } from 'vitest'
import { callNote, neutralEvent } from '../rules/event.ts'
import { assembleEvent, assembleNote, emptyCall, type CallState } from './assemble.ts'
import { assumeEnd, endDueAt, endWaitMs, whenToStart } from './ending.ts'

const startMs = Date.UTC(2026, 2, 2, 15, 4, 0)
const after = (ms: number) => new Date(startMs + ms)
const heard = (
  state: CallState,
  type: 'call.started' | 'call.completed' | 'call.analyzed',
  ms = 0,
) =>
  assembleEvent(
    state,
    neutralEvent(
      'vapi',
      { received_at: after(ms).toISOString() },
      { type, callId: 'c1', key: `${type}-${String(ms)}`, aliases: ['a1'] },
    ),
  ).state

const none = emptyCall('vapi')
const ended = heard(none, 'call.completed')

describe('journeys of a call', () => {
  const patient = { kind: 'with_analysis', waitMs: 60_000 } as const

  test('do not start before it has ended, not even with an analysis (S2)', () => {
    expect(whenToStart(none, { kind: 'at_end' }, after(0))).toEqual({ kind: 'idle' })
    const overtaken = heard(none, 'call.analyzed')
    expect(whenToStart(overtaken, patient, after(0))).toEqual({ kind: 'idle' })
    expect(whenToStart(heard(overtaken, 'call.completed', 1), patient, after(1))).toEqual({
      kind: 'start',
      analyzed: true,
    })
  })

  test('start at the end when they want nothing more', () => {
    expect(whenToStart(ended, { kind: 'at_end' }, after(0))).toEqual({
      kind: 'start',
      analyzed: false,
    })
  })

  test('wait for the analysis, and start without it when it does not come (S2)', () => {
    expect(whenToStart(ended, patient, after(59_999))).toEqual({
      kind: 'wait',
      until: after(60_000),
    })
    expect(whenToStart(ended, patient, after(60_000))).toEqual({ kind: 'start', analyzed: false })
    const analyzed = heard(ended, 'call.analyzed', 10)
    expect(whenToStart(analyzed, patient, after(20))).toEqual({ kind: 'start', analyzed: true })
  })

  test('count from the first end that was heard of, whatever the order', () => {
    const late = heard(heard(none, 'call.completed', 30_000), 'call.completed', 5_000)
    expect(whenToStart(late, patient, after(30_000))).toMatchObject({ until: after(65_000) })
  })
})

describe('an end that was never reported', () => {
  const note = (ms: number) =>
    callNote(
      { received_at: after(ms).toISOString() },
      { callId: 'c1', key: `n${String(ms)}`, call: { ended_reason: 'hung up' }, ends: true },
    )
  const ending = assembleNote(assembleNote(heard(none, 'call.started'), note(9_000)).state, note(0))

  test('is assumed two minutes after its first sign (S1)', () => {
    expect(endDueAt(ending.state)).toEqual(after(endWaitMs))
    expect(assumeEnd(ending.state, after(endWaitMs - 1))).toBeNull()
    expect(assumeEnd(ending.state, after(endWaitMs))).toMatchObject({
      event_type: 'call.completed',
      dedupe_key: 'vapi:c1:assumed-end',
      needs_hydration: true,
      payload: {
        call: { status: 'completed', ended_reason: 'hung up', ended_at: after(0).toISOString() },
      },
    })
  })

  test('is assumed once, and the true one that comes later only adds to the record', () => {
    const assumed = assumeEnd(ending.state, after(endWaitMs))
    if (assumed === null) throw new Error('was not assumed')
    const { state, kind } = assembleEvent(ending.state, assumed)
    expect(kind).toBe('first')
    expect(assumeEnd(state, after(endWaitMs * 2))).toBeNull()
    const late = neutralEvent(
      'vapi',
      { received_at: after(endWaitMs + 5).toISOString() },
      { type: 'call.completed', callId: 'c1', key: 'true-end' },
    )
    expect(assembleEvent(state, late).kind).toBe('more')
  })

  test('is seen coming by an analysis without an end', () => {
    expect(endDueAt(heard(none, 'call.analyzed'))).toEqual(after(endWaitMs))
    expect(endDueAt(heard(heard(none, 'call.analyzed'), 'call.completed', 1))).toBeNull()
    expect(endDueAt(heard(none, 'call.started'))).toBeNull()
  })
})
