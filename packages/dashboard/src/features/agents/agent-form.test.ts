import { describe, expect, test } from 'vitest'
import { makeAgent } from '../../testing/fixtures.ts'
import { type AgentForm, editAgent, findChanges, parseForm } from './agent-form.ts'
import { findPlaceholders } from './placeholders.ts'

const agent = makeAgent()
const changes = (edit: Partial<AgentForm>) => {
  const parsed = parseForm({ ...editAgent(agent), ...edit })
  return parsed.ok ? findChanges(agent, parsed.fields) : [...parsed.errors.keys()]
}

describe('an edited agent', () => {
  test('changes nothing when nothing was edited, its token least of all', () => {
    expect(changes({})).toEqual({})
  })

  test('sends only the fields that differ', () => {
    expect(changes({ timeoutSeconds: '2.5', firstMessage: '' })).toEqual({
      pre_call_webhook_timeout: 2.5,
      first_message: null,
    })
  })

  test('replaces or removes the token on request only', () => {
    const field = 'pre_call_webhook_auth_token'
    expect(changes({ token: { kind: 'replace', value: ' s3cret ' } })).toEqual({
      [field]: 's3cret',
    })
    expect(changes({ token: { kind: 'remove' } })).toEqual({ [field]: null })
    expect(changes({ token: { kind: 'replace', value: '' } })).toEqual([field])
  })

  test.each([
    ['{"plan": }', 'default_parameters'],
    ['[1]', 'default_parameters'],
  ])('is refused with defaults %s', (defaults, field) => {
    expect(changes({ defaults })).toEqual([field])
  })

  test.each(['0', '31', 'soon', ''])('is refused with a timeout of "%s"', (timeoutSeconds) => {
    expect(changes({ timeoutSeconds })).toEqual(['pre_call_webhook_timeout'])
  })
})

test('placeholders are found once each, with or without params, and malformed ones are not', () => {
  expect(findPlaceholders('{{ name }} {{params.plan}} {{9}} {{a b}}', 'Hi {{name}}')).toEqual([
    'name',
    'plan',
  ])
})
