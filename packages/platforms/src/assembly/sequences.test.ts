import { expect, test } from 'vitest'
import type { NeutralEvent } from '../neutral.ts'
import { platforms } from '../platforms.ts'
import { loadFixtures, rawRequest, type Fixture } from '../testing/fixture.ts'
import {
  assembleEvent,
  assembleNote,
  emptyCall,
  needsFetching,
  type CallState,
} from './assemble.ts'
import { assumeEnd } from './ending.ts'

interface Totals {
  readonly completed_total: number
  readonly analyzed_total: number
  readonly needs_hydration: boolean
}

const sequences = Object.values(platforms).flatMap((adapter) =>
  loadFixtures(adapter.platform)
    .filter(
      ({ steps }) => steps?.some(({ expect: wanted }) => 'completed_total' in wanted) === true,
    )
    .map((fixture) => ({ adapter, fixture, title: `${adapter.platform}: ${fixture.title}` })),
)

/** Plays one call's deliveries against one record, and says after each step what has come of it. */
function play(fixture: Fixture, adapter: (typeof sequences)[number]['adapter']): readonly Totals[] {
  const options = adapter.options.parse(fixture.options)
  let state: CallState = emptyCall(adapter.platform)
  let nowMs = 0
  const firsts: string[] = []
  const take = (event: NeutralEvent) => {
    const result = assembleEvent(state, event)
    state = result.state
    if (result.kind === 'first') firsts.push(event.event_type)
  }
  return (fixture.steps ?? []).map(({ request, fault, advance_clock_ms: laterMs }) => {
    if (request !== undefined && fault === undefined) {
      const raw = rawRequest(request)
      nowMs = Date.parse(raw.received_at)
      const reading = adapter.readEvents(raw, options)
      if (reading.kind !== 'events') throw new Error(reading.detail)
      for (const event of reading.events) take(event)
      for (const note of reading.notes) state = assembleNote(state, note).state
    }
    nowMs += laterMs ?? 0
    const assumed = assumeEnd(state, new Date(nowMs))
    if (assumed !== null) take(assumed)
    return {
      completed_total: firsts.filter((type) => type === 'call.completed').length,
      analyzed_total: firsts.filter((type) => type === 'call.analyzed').length,
      needs_hydration: needsFetching(state),
    }
  })
}

test.each(sequences)('$title', ({ adapter, fixture }) => {
  const wanted = (fixture.steps ?? []).map(({ expect: step }) =>
    Object.fromEntries(
      Object.entries(step).filter(([name]) =>
        ['completed_total', 'analyzed_total', 'needs_hydration'].includes(name),
      ),
    ),
  )
  expect(play(fixture, adapter)).toMatchObject(wanted)
})

test('there are such samples', () => {
  expect(sequences.length).toBeGreaterThanOrEqual(3)
})
