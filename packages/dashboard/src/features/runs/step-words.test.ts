import { describe, expect, test } from 'vitest'
import { makeRun, makeStep } from '../../testing/fixtures.ts'
import { renderSpokenStep, renderStepLabel } from './step-words.ts'
import { layOutWaterfall } from './waterfall-geometry.ts'

type Given = Parameters<typeof makeStep>[0]

function words(given: Given, runGiven: Parameters<typeof makeRun>[0] = {}) {
  const run = makeRun({ ...runGiven, steps: [makeStep({ name: 'tickets', ...given })] })
  const row = layOutWaterfall(run, 3_000).rows.find(({ kind }) => kind === 'step')
  if (row?.kind !== 'step') throw new Error('The run has no step')
  return {
    label: renderStepLabel(row.step, row.bar, run)?.replaceAll('\u00a0', ' ') ?? null,
    spoken: renderSpokenStep(row.step, row.bar, 3_000).replaceAll('\u202f', ' '),
  }
}

describe('a row of the waterfall', () => {
  test('says nothing beside a bar that ended well', () => {
    expect(words({ start_ms: 4, duration_ms: 305 })).toEqual({
      label: null,
      spoken: 'ok, from 4 to 309 milliseconds',
    })
  })

  test('says at which limit a step was cut and what was used instead', () => {
    const given = { status: 'cut', start_ms: 6, duration_ms: 2_000, default_used: true } as const
    expect(words({ ...given, limit_ms: 2_000, output: [] })).toEqual({
      label: 'step limit 2 s → default []',
      spoken: 'cut at limit, from 6 to 2 006 milliseconds, default used',
    })
    expect(words({ ...given, duration_ms: 4_744 }).label).toBe('reply point 4.75 s → default null')
  })

  test('says by how much a step was late', () => {
    expect(words({ start_ms: 0, duration_ms: 5_733 }).label).toBe('733 ms past the deadline')
  })

  test('says why a step has no bar', () => {
    const skipped = words({ status: 'skipped', duration_ms: 0, error: 'vip is false' })
    expect(skipped.label).toBe('skipped: vip is false')
    const idle = { status: 'not_started', duration_ms: 0 } as const
    expect(words(idle)).toEqual({
      label: 'not started: reply point reached',
      spoken: 'not started',
    })
    const missing = [{ name: 'x', reason: 'circuit_open', step: 'tickets' } as const]
    expect(words(idle, { missing }).label).toBe('not asked: circuit open')
  })

  test('says since when a step runs', () => {
    expect(words({ status: 'running', start_ms: 20, duration_ms: null }).spoken).toBe(
      'running, since 20 milliseconds',
    )
  })
})
