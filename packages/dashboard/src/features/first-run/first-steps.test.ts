import { describe, expect, test } from 'vitest'
import { makeAgent } from '../../testing/fixtures.ts'
import { makeState } from '../../testing/make-state.ts'
import { findFirstSteps } from './first-steps.ts'

const { numbers, workflows } = makeState()
const done = (known: Parameters<typeof findFirstSteps>[0]): boolean[] =>
  findFirstSteps(known).map(({ isDone }) => isDone)

describe('the first steps', () => {
  test('of an empty workspace are all to do, and only the workflow can wait', () => {
    const steps = findFirstSteps({ agents: [], numbers: [], workflows: [] })
    expect(steps.map(({ isDone, isOptional }) => [isDone, isOptional])).toEqual([
      [false, false],
      [false, false],
      [false, true],
    ])
  })

  test('are done with an agent on a number and its workflow', () => {
    expect(done({ agents: [makeAgent()], numbers, workflows })).toEqual([true, true, true])
  })

  test('want a number that is assigned', () => {
    const unassigned = numbers.map((number) => ({ ...number, agent_id: null }))
    expect(done({ agents: [makeAgent()], numbers: unassigned, workflows })[1]).toBe(false)
  })

  test('name the workflow that an agent asks for and nobody has', () => {
    const step = findFirstSteps({ agents: [makeAgent()], numbers, workflows: [] })[2]
    expect(step?.isDone).toBe(false)
    expect(step?.help).toContain('names support-intake, which this server does not have')
  })
})
