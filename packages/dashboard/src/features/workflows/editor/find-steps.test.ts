import { describe, expect, test } from 'vitest'
import { findEvent, findSteps, stepAt } from './find-steps.ts'

const TEXT = `workflow: intake
steps:            # side by side
  contact:
    use: crm.contact.find_by_phone

    with: { phone: "1" }

  # who pays
  log-call: { use: crm.call.log }
  'odd name':
    value: 1
respond:
  parameters:
    steps: 1
after:
  warm:
    use: x.y.z
`

describe('the steps of a text', () => {
  const steps = findSteps(TEXT)

  test('are the keys under steps and after, with their lines', () => {
    expect(steps).toEqual([
      { name: 'contact', section: 'steps', from: 3, to: 6 },
      { name: 'log-call', section: 'steps', from: 9, to: 9 },
      { name: 'odd name', section: 'steps', from: 10, to: 11 },
      { name: 'warm', section: 'after', from: 16, to: 17 },
    ])
  })

  test('are found by a line inside them', () => {
    expect(stepAt(steps, 5)?.name).toBe('contact')
    expect(stepAt(steps, 14)).toBeNull()
  })

  test('come with the event that they are for', () => {
    expect(findEvent('workflow: a\non: call.completed # each\n')).toBe('call.completed')
    expect(findEvent(TEXT)).toBeNull()
  })

  test('are found while the text is broken', () => {
    expect(findSteps('steps:\n  a:\n    use: [\n  b:\n').map(({ name }) => name)).toEqual([
      'a',
      'b',
    ])
  })
})
