import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { preCall } from './pre-call.ts'

const parameters = z.object({ customer_name: z.string().max(5), vip: z.boolean() })
const fallback = { customer_name: 'there', vip: false }
const run = () => ({ parameters: { vip: true } })

describe('a TypeScript pre-call workflow', () => {
  test('becomes the definition that the runtime runs', () => {
    const workflow = preCall('support-intake', { budget: '4.5s', parameters, fallback, run })
    expect(workflow).toMatchObject({
      kind: 'pre-call',
      name: 'support-intake',
      budgetMs: 4_500,
      fallback,
    })
    expect(Object.keys(workflow.parameters)).toEqual(['customer_name', 'vip'])
  })

  test('has no budget of its own unless it says so', () => {
    expect(preCall('support-intake', { parameters, fallback, run }).budgetMs).toBeNull()
  })

  test.each(['Support', 'a_b', '', '-a', 'x'.repeat(65)])('refuses the name %j', (name) => {
    expect(() => preCall(name, { parameters, fallback, run })).toThrow(/is not a workflow name/)
  })

  test('refuses a parameter name that no placeholder could read', () => {
    const odd = z.object({ 'customer-name': z.string() })
    expect(() =>
      preCall('intake', {
        parameters: odd,
        fallback: { 'customer-name': '' },
        run: () => ({ parameters: {} }),
      }),
    ).toThrow(/"customer-name" is not a parameter name/)
  })

  test('refuses a fallback that its own schema refuses', () => {
    const wrong = { customer_name: 'far too long', vip: false }
    expect(() => preCall('intake', { parameters, fallback: wrong, run })).toThrow(
      /fallback\.customer_name/,
    )
  })

  test('refuses a budget that is not a duration', () => {
    expect(() => preCall('intake', { budget: '4,5s' as '4s', parameters, fallback, run })).toThrow(
      /is not a duration/,
    )
  })
})
