import { describe, expect, test } from 'vitest'
import { makeAgent, makeCall, makeRun, makeStep } from '../../testing/fixtures.ts'
import { findKnown } from './parameter-source.ts'

const agent = makeAgent({ default_parameters: { plan: 'unknown', greeting: 'Hello' } })
const kinds = (known: ReturnType<typeof findKnown>) =>
  Object.fromEntries(known.map(({ name, source }) => [name, source?.kind ?? null]))

describe('where a parameter came from', () => {
  const params = { contact: 'Ada', vip: true, plan: 'unknown', channel: 'web' }
  const call = makeCall({ params })
  const run = makeRun({ parameters: params, steps: [makeStep({ name: 'contact' })] })

  test('is the step of its name, else the workflow that declares it, else agent or call', () => {
    const declared = ['contact', 'vip']
    expect(kinds(findKnown(call, { run, agent, declared }))).toEqual({
      contact: 'step',
      vip: 'workflow',
      plan: 'agent_default',
      channel: 'call',
    })
  })

  test('is the workflow where that cannot be asked, unless the agent has it as its default', () => {
    expect(kinds(findKnown(call, { run, agent, declared: undefined }))).toEqual({
      contact: 'step',
      vip: 'workflow',
      plan: 'agent_default',
      channel: 'workflow',
    })
  })

  test('is the call where it brought another value than the agent has', () => {
    const pro = makeCall({ params: { plan: 'pro' } })
    const around = { run: null, agent, declared: undefined }
    expect(kinds(findKnown(pro, around))).toEqual({ plan: 'call' })
  })

  test('is the fallback of a workflow that could not answer', () => {
    const there = makeCall({ params: { name: 'there' } })
    const fallback = makeRun({ status: 'fallback', parameters: { name: 'there' } })
    const around = { run: fallback, agent, declared: ['name'] }
    expect(kinds(findKnown(there, around))).toEqual({ name: 'fallback' })
  })

  test('lists a parameter that nobody provided, but not a step that failed', () => {
    const lost = makeRun({
      steps: [makeStep({ name: 'tickets', status: 'failed' })],
      missing: [
        { name: 'tickets', reason: 'failed', step: 'tickets' },
        { name: 'note', reason: 'invalid', step: null, detail: 'over 2048 bytes' },
      ],
    })
    const around = { run: lost, agent: undefined, declared: undefined }
    expect(findKnown(makeCall(), around)).toMatchObject([
      { name: 'note', value: undefined, source: null, missing: { reason: 'invalid' } },
    ])
  })
})
