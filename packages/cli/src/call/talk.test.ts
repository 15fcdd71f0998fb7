import { describe, expect, test } from 'vitest'
import { CallComplete } from '@bookend/contract'
import { answer } from '../testing/fixtures.ts'
import { writeScript } from './talk.ts'

const analysis_results = [{ title: 'topic', result: 'visit' }]
const conversation = {
  title: 'Booking',
  lines: [{ role: 'user' as const, text: 'Hello', afterMs: 0 }],
  complete: CallComplete.parse({ analysis_results }),
}
const textsOf = (given: Parameters<typeof answer>[0]): string[] | undefined =>
  writeScript(answer(given), conversation)?.lines.map(({ text }) => text)

describe('what is said on a call', () => {
  test('begins with the greeting the agent was given (T2)', () => {
    expect(textsOf({})).toEqual(['Hi Ada!', 'Hello'])
    expect(textsOf({ greeting: null })).toEqual(['Hello'])
    const opening = { role: 'agent' as const, text: 'Good day.', afterMs: 0 }
    const opened = { ...conversation, lines: [opening, ...conversation.lines] }
    const script = writeScript(answer(), opened)
    expect(script?.lines.map(({ text }) => text)).toEqual(['Hi Ada!', 'Hello'])
  })

  test('is nothing when the call is rejected (T3)', () => {
    expect(textsOf({ outcome: { type: 'reject' } })).toBeUndefined()
  })

  test('is one sentence when the outcome says so, with nothing to analyse', () => {
    const outcome = { type: 'say' as const, text: 'We are closed.' }
    expect(textsOf({ outcome })).toEqual(['We are closed.'])
    const script = writeScript(answer({ outcome }), conversation)
    expect(script?.complete.analysis_results).toEqual([])
  })

  test('ends as transferred when a person takes the call (T3)', () => {
    const outcome = { type: 'transfer' as const, to_number: '+15550100911' }
    expect(writeScript(answer({ outcome }), conversation)?.complete.transferred).toBe(true)
  })
})
