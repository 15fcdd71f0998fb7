import type { AnalysisResult, Call } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { findRuleFault } from './outcome.ts'
import { runBuiltIn, type BuiltInAnalyzer } from './run-built-in.ts'
import { spokenCall, type Line } from './testing/spoken-call.ts'

const lines: readonly Line[] = [
  ['agent', 'Hello, how can I help you today?', 0],
  ['user', 'This is terrible, I am really angry about my refund.', 4],
  ['agent', 'I am so happy to help with your refund!', 10],
]

const run = (
  kind: BuiltInAnalyzer['kind'],
  options: BuiltInAnalyzer['options'] = {},
  call: Call = spokenCall(lines, 30),
) => runBuiltIn({ title: 'it', prompt: '', kind, options }, call)

describe('an analyzer without a model', () => {
  test('hears the caller’s mood, not the agent’s', () => {
    expect(run('sentiment')).toMatchObject({ result: { label: 'negative', utterances: 1 } })
    expect(run('sentiment', { speaker: 'agent' })).toMatchObject({ result: { label: 'positive' } })
    expect(run('sentiment', { field: 'label' })).toEqual({ kind: 'answered', result: 'negative' })
  })

  test('says so where its lexicon does not know the language', () =>
    expect(run('sentiment', {}, spokenCall(lines, 30, { language: 'de' }))).toMatchObject({
      error: 'language_not_supported',
    }))

  test('counts words and phrases as wholes, in any case', () => {
    const words = ['REFUND', 'really angry', 'fun', '__proto__', 'constructor']
    expect(run('keywords', { words })).toMatchObject({
      result: { total: 3, found: { REFUND: 2, 'really angry': 1 } },
    })
    expect(run('keywords', { words: ['refund'], speaker: 'user', field: 'total' })).toMatchObject({
      result: 1,
    })
  })

  test.each([
    ['talk_ratio', { agent_words: 16 }],
    ['longest_monologue', { speaker: 'user', words: 10 }],
    ['silence', { count: 0 }],
    ['interruptions', { total: 0 }],
    ['response_latency', { user_average_s: 1.2 }],
    ['duration', { seconds: 30, utterances: 3 }],
  ] as const)('measures %s', (kind, result) =>
    expect(run(kind)).toMatchObject({ kind: 'answered', result }),
  )

  test.each(['silence', 'interruptions', 'response_latency'] as const)(
    'does not guess %s where the transcript has no times',
    (kind) =>
      expect(
        run(
          kind,
          {},
          spokenCall([
            ['user', 'Hi'],
            ['agent', 'Hi'],
          ]),
        ),
      ).toMatchObject({
        error: 'no_times',
      }),
  )

  test('has nothing to say of a call of which nothing was said', () => {
    for (const kind of ['sentiment', 'keywords', 'talk_ratio', 'silence'] as const) {
      expect(run(kind, {}, spokenCall([]))).toMatchObject({ error: 'no_transcript' })
    }
    expect(run('duration', {}, spokenCall([], 0))).toMatchObject({ result: { seconds: 0 } })
  })
})

describe('rules of an outcome', () => {
  const rules = [
    { if: 'call.analysis.sentiment.score < -0.3', result: 'escalate' },
    { if: 'call.duration > 20', result: { follow_up: true } },
  ]
  const judge = (results: AnalysisResult[], more: Partial<Call> = {}) =>
    run(
      'outcome',
      { rules, otherwise: 'fine' },
      spokenCall(lines, 10, { analysis_results: results, ...more }),
    )
  const sentiment = (score: number) => ({ title: 'sentiment', result: { score } })

  test('give the first verdict that holds, or the last resort', () => {
    expect(judge([sentiment(-0.5)])).toMatchObject({ result: 'escalate' })
    expect(judge([sentiment(0)], { duration: 25 })).toMatchObject({ result: { follow_up: true } })
    expect(judge([sentiment(0)])).toMatchObject({ result: 'fine' })
  })

  test('say which of them needs what is not there', () =>
    expect(judge([])).toMatchObject({
      error: 'rule_failed',
      detail: expect.stringContaining('Rule 1') as string,
    }))

  test.each([
    ['call.analysis.mood ==', 'unfinished'],
    ['call.durration > 5', 'misspelt'],
    ['caller.duration > 5', 'of something else'],
    ['call.duration', 'no condition'],
    ['timestamp(call.created_at) < now()', 'of the time'],
  ])('are refused when one is %s (%s)', (text) => {
    const fault = findRuleFault([
      { if: 'true', result: 1 },
      { if: text, result: 2 },
    ])
    expect(fault).toMatchObject({ index: 1 })
  })
})
