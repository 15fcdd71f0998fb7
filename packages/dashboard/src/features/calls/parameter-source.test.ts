import { describe, expect, test } from 'vitest'
import { makeAgent, makeCall, makeRun, makeStep } from '../../testing/fixtures.ts'
import { findKnown } from './parameter-source.ts'

const agent = makeAgent({ default_parameters: { plan: 'unknown', greeting: 'Hello' } })
const kinds = (known: ReturnType<typeof findKnown>) =>
  Object.fromEntries(known.map(({ name, source }) => [name, source?.kind ?? null]))

describe('where a parameter came from', () => {
  test('is the step of its name, else the workflow, else the agent, else the call', () => {
    const call = makeCall({
      params: { contact: 'Ada', vip: true, plan: 'unknown', channel: 'web' },
    })
    const run = makeRun({ parameters: { contact: 'Ada', vip: true }, steps: [makeStep()] })
    expect(kinds(findKnown(call, run, agent))).toEqual({
      contact: 'step',
      vip: 'workflow',
      plan: 'agent_default',
      channel: 'call',
    })
  })

  test('is the call where it brought another value than the agent has', () => {
    const call = makeCall({ params: { plan: 'pro' } })
    expect(kinds(findKnown(call, null, agent))).toEqual({ plan: 'call' })
  })

  test('is the fallback of a workflow that could not answer', () => {
    const call = makeCall({ params: { name: 'there' } })
    const run = makeRun({ status: 'fallback', parameters: { name: 'there' } })
    expect(kinds(findKnown(call, run, agent))).toEqual({ name: 'fallback' })
  })

  test('lists a parameter that nobody provided, but not a step that failed', () => {
    const run = makeRun({
      steps: [makeStep({ name: 'tickets', status: 'failed' })],
      missing: [
        { name: 'tickets', reason: 'failed', step: 'tickets' },
        { name: 'note', reason: 'invalid', step: null, detail: 'over 2048 bytes' },
      ],
    })
    expect(findKnown(makeCall(), run, undefined)).toMatchObject([
      { name: 'note', value: undefined, source: null, missing: { reason: 'invalid' } },
    ])
  })
})
