import { expect, test } from 'vitest'
import { makeCall, makeRun, makeStep } from '../../../testing/fixtures.ts'
import { valuesOfRun } from './values-of-run.ts'

const run = makeRun({
  steps: [
    makeStep({ name: 'contact', output: { tier: 'gold', 'first name': 'Ada' } }),
    makeStep({ name: 'log-call', output: [{ id: 7 }] }),
    makeStep({ name: 'failed', output: null }),
    makeStep({ name: 'own', output: 'mine' }),
  ],
})

test('a past run tells values, each with the expression that reads it', () => {
  const call = makeCall({ from_number: '+15550100001' })
  const values = valuesOfRun({ ...run, kind: 'pre-call' }, call, 'own')
  expect(values).toContainEqual({ expression: 'call.from_number', shown: '+15550100001' })
  expect(values.filter(({ expression }) => expression.includes('steps'))).toEqual([
    { expression: 'steps.contact.tier', shown: 'gold' },
    { expression: 'steps.contact["first name"]', shown: 'Ada' },
    { expression: 'size(steps["log-call"])', shown: '1' },
    { expression: 'steps["log-call"][0]', shown: '{"id":7}' },
    { expression: 'steps["log-call"][0].id', shown: '7' },
  ])
})

test('before a call nothing of its end is known', () => {
  const expressions = (kind: 'pre-call' | 'journey') =>
    valuesOfRun({ ...run, kind }, makeCall(), '').map(({ expression }) => expression)
  expect(expressions('pre-call')).not.toContain('call.duration')
  expect(expressions('journey')).toContain('call.duration')
})
