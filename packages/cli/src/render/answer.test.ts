import type { InboundAnswer } from '@bookend/contract'
import { createColors } from 'picocolors'
import { describe, expect, test } from 'vitest'
import { answer } from '../testing/fixtures.ts'
import { columnsOf } from '../terminal/text.ts'
import { renderAnswer } from './answer.ts'

const told = (whole: InboundAnswer) => ({ ...whole, missing: whole.pre_call.missing })
const draw = (given: Parameters<typeof answer>[0], columns = 80): string[] =>
  renderAnswer(told(answer(given)), { columns, style: createColors(false) })
const preCall = answer().pre_call

describe('what the agent was told', () => {
  test('is shown aligned, with what is missing, why, and where it should have come from', () => {
    const missing = [
      { name: 'open_tickets', reason: 'timed_out' as const, step: 'tickets' },
      { name: 'plan', reason: 'invalid' as const, step: null, detail: 'over 2 KB' },
    ]
    expect(draw({ pre_call: { ...preCall, missing } })).toMatchInlineSnapshot(`
      [
        "Parameters",
        "  customer_name  Ada",
        "  open_tickets   0  ▲ timed out at tickets",
        "  plan           —  ▲ not usable: over 2 KB",
        "Outcome     continue: Front desk takes the call",
        "Greeting    “Hi Ada!”",
      ]
    `)
  })

  test('tells a step that is missing from a parameter', () => {
    const missing = [{ name: 'tickets', reason: 'timed_out' as const, step: 'tickets' }]
    expect(draw({ pre_call: { ...preCall, missing } }).join('\n')).toContain(
      'tickets        —  ▲ timed out (a step)',
    )
  })

  test('says so when there are no parameters and no greeting', () => {
    const lines = draw({ parameters: {}, greeting: null })
    expect(lines).toContain('  none')
    expect(lines.at(-1)).toContain('none: the caller speaks first')
  })

  test.each([
    [{ type: 'route', agent_id: answer().agent.id } as const, 'route: Front desk takes'],
    [{ type: 'transfer', to_number: '+1555', message: 'One moment' } as const, '“One moment”'],
    [{ type: 'reject', reason: 'busy' } as const, 'not answered: “busy”'],
    [{ type: 'say', text: 'We are closed' } as const, 'hang up: “We are closed”'],
  ])('puts the outcome %o in words', (outcome, words) => {
    expect(draw({ outcome }).join('\n')).toContain(words)
  })

  test('cuts a long value where the terminal ends', () => {
    const lines = draw({ parameters: { note: 'x'.repeat(500) }, greeting: 'word '.repeat(60) }, 60)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(60)
  })
})
