// Every call of a folder of fixtures as a test of its own, under vitest.
//
//   fixture ─▶ its pre-call workflow answers as it did
//           └▶ each journey that began with it writes what its snapshot says
//
// Z1. A fixture that says nothing of how its call went is no test. One whose workflow is not given is
//     skipped, and the report names it.

import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fakes } from './fake.ts'
import { type Fixture, readRecorded } from './fixture.ts'
import type { WorkflowSource } from './load-workflow.ts'
import { replay, type ReplayOptions } from './replay.ts'
import { simulateJourney } from './simulate-journey.ts'

export interface ReplayFixturesOptions extends ReplayOptions {
  /** By the name of the workflow; a YAML workflow is given by its file. */
  readonly workflows: Readonly<Record<string, WorkflowSource<PreCallWorkflow | JourneyWorkflow>>>
  /** What journeys read, by the name of the journey. */
  readonly fakes?: Readonly<Record<string, Fakes>>
}

/** @param folder A path is taken from the folder that the tests run in. */
export async function replayFixtures(
  folder: URL | string,
  options: ReplayFixturesOptions,
): Promise<void> {
  const { describe, test } = await import('vitest')
  const path = folder instanceof URL ? fileURLToPath(folder) : resolve(folder)
  const files = readdirSync(path).filter((file) => file.endsWith('.json'))
  const fixtures = await Promise.all(
    files.toSorted().map(async (file) => [file, await readRecorded(join(path, file))] as const),
  )
  describe('calls of the past', () => {
    let count = 0
    for (const [file, fixture] of fixtures) {
      for (const one of casesOf(fixture, options)) {
        count += 1
        test.skipIf(one.run === null)(`${file}: ${one.says}`, async () => await one.run?.())
      }
    }
    if (count === 0)
      test.skip('none is in the folder; write one with: bookend pull', () => undefined)
  })
}

interface Case {
  readonly says: string
  /** Null: its workflow is not given. */
  readonly run: (() => Promise<void>) | null
}

function casesOf(fixture: Fixture, { workflows, fakes = {}, calendars }: ReplayFixturesOptions) {
  const { call, recorded } = fixture
  const cases: Case[] = []
  const find = <W>(name: string) => workflows[name] as WorkflowSource<W> | undefined
  const at = new Date(call.ended_at ?? call.created_at)
  const shared = calendars === undefined ? {} : { calendars }
  if (recorded !== null && recorded.preCall !== null) {
    const { workflow: name } = recorded.preCall
    const source = find<PreCallWorkflow>(name)
    cases.push({
      says: `${name} answers as it did`,
      run: source === undefined ? null : () => answersAlike(source, fixture, shared),
    })
  }
  for (const name of recorded?.journeys ?? []) {
    const source = find<JourneyWorkflow>(name)
    cases.push({
      says: `${name} writes what it did`,
      run:
        source === undefined
          ? null
          : () => writesAlike(source, { call, at, ...shared }, fakes[name] ?? {}),
    })
  }
  return cases
}

async function answersAlike(
  source: WorkflowSource<PreCallWorkflow>,
  fixture: Fixture,
  options: ReplayOptions,
): Promise<void> {
  const { expect } = await import('vitest')
  const { was, now, gaps } = await replay(source, fixture, options)
  expect(gaps, 'It asks what was not asked then').toEqual([])
  expect(now).toEqual(was)
}

async function writesAlike(
  source: WorkflowSource<JourneyWorkflow>,
  start: Parameters<typeof simulateJourney>[1],
  fakes: Fakes,
): Promise<void> {
  const { expect } = await import('vitest')
  const run = await simulateJourney(source, start, fakes)
  await run.finish()
  const { status, effects, emitted, tags, calls } = run
  expect({ status, effects, emitted, tags, calls }).toMatchSnapshot()
}
