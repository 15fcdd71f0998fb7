// `@bookend/sdk/testing`: workflows under test, in virtual time. Under vitest its matchers are there
// by this import; elsewhere they are taken from `matchers`.

import { matchers } from './matchers.ts'

export type { Fake, FakeCall, FakeFailure, Fakes } from './fake.ts'
export { FakeError } from './fake.ts'
export type { Effected } from './fake-connections.ts'
export { parseFixture, readFixture } from './fixture.ts'
export type { Fixture } from './fixture.ts'
export type { CalendarsUnderTest, WorkflowSource } from './load-workflow.ts'
export { madeUpCall } from './made-up-call.ts'
export type { MadeUpCall } from './made-up-call.ts'
export { replay } from './replay.ts'
export type { Replayed, ReplayOptions } from './replay.ts'
export { replayFixtures } from './replay-fixtures.ts'
export type { ReplayFixturesOptions } from './replay-fixtures.ts'
export { simulate } from './simulate.ts'
export type { CallUnderTest, Simulated, SimulateOptions } from './simulate.ts'
export { simulateJourney } from './simulate-journey.ts'
export type { JourneyStart, SimulatedJourney } from './simulate-journey.ts'
export { matchers }

try {
  const { expect } = await import('vitest')
  expect.extend(matchers)
} catch {
  // Not under vitest.
}
