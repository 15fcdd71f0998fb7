import { readFileSync } from 'node:fs'
import type { JourneyCall } from '@bookend/core'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { CALL_COLUMNS, columnName } from './columns.ts'
import { COLUMNS_MAX, fitRow } from './fit-row.ts'
import { flattenCall } from './flatten-call.ts'
import { AnalyticsCall, analyticsInput } from './input.ts'
import { readSentiment } from './sentiment.ts'
import { someCall } from './testing/call.ts'

const now = new Date('2026-02-28T10:00:00Z')
const flat = (more: object, leaveOut: readonly string[] = []) =>
  flattenCall(AnalyticsCall.parse({ ...someCall, ...more }), { now, leaveOut })
const fit = (more: object, table = new Map(), evolve = true) =>
  fitRow(flat(more), table, { evolve })

describe('a call as columns', () => {
  test('has every fixed column, then those of its parameters and analyzers', () => {
    const { cells } = flat({})
    expect([...cells.keys()]).toEqual([
      ...Object.keys(CALL_COLUMNS),
      'param_plan',
      'param_orders',
      'analysis_sentiment',
      'analysis_wish_kind',
      'analysis_wish_urgent',
      'analysis_wish_dates',
    ])
    expect(cells.get('written_at')?.value).toBe('2026-02-28T10:00:00.000Z')
    expect(cells.get('started_at')?.value).toBe('2026-02-28T08:00:00.000Z')
    expect(cells.get('sentiment_score')?.value).toBe(-0.4)
    expect(cells.get('tags')?.value).toEqual(['upset'])
  })

  test('names a column by letters and digits, whatever an author called it', () => {
    expect(columnName('param_', 'Plan (new)')).toBe('param_plan_new')
    expect(columnName('analysis_', 'Émotion "x"; drop table calls')).toBe(
      'analysis_emotion_x_drop_table_calls',
    )
    for (const name of ['', '客户', '"; --', 'x'.repeat(64)]) {
      expect(columnName('param_', name)).toBeNull()
    }
  })

  test('does not mix two names that would be one column (L2)', () => {
    const { row, unfit } = fit({ params: { 'a b': 1, a_b: 2, 客户: 3 } })
    expect(row['param_a_b']).toBe(1)
    expect(row['unfit']).toEqual({ 'param.a_b': 2, 'param.客户': 3 })
    expect(unfit).toEqual(['param.a_b', 'param.客户'])
  })

  test('holds no U+0000 and no half of a character (L1)', () => {
    const { row } = fit({ summary: 'a\0b\ud800', analysis: { note: ['\0', { '\0k': '\udfff' }] } })
    expect(row['summary']).toBe('ab\ufffd')
    expect(row['analysis_note']).toEqual(['', { k: '\ufffd' }])
  })

  test('takes results by title where there is no analysis', () => {
    const { row } = fit({
      analysis: undefined,
      analysis_results: [{ title: 'user_sentiment', result: 'Positive' }, { result: 1 }],
    })
    expect(row).toMatchObject({ sentiment: 'positive', sentiment_score: null })
    expect(row).toMatchObject({ analysis_user_sentiment: 'Positive', analysis_untitled_2: 1 })
  })

  test('leaves out what is named, with and without a column', () => {
    const leaveOut = ['from_number', 'summary', 'param_*']
    const { cells, nameless } = flat({ params: { a: 1, 客户: 2 } }, leaveOut)
    expect([...cells.keys()].filter((name) => /^(from|summ|param)/.test(name))).toEqual([])
    expect(nameless).toEqual({})
    expect(analyticsInput.leave_out.safeParse(['call_id']).success).toBe(false)
  })
})

describe('a call in the table that there is', () => {
  test('adds what is missing, and a name without a value adds nothing', () => {
    const { add } = fit({ params: { plan: 'gold', gone: null }, analysis: {} })
    expect(add.slice(Object.keys(CALL_COLUMNS).length)).toEqual([
      { name: 'param_plan', type: 'text' },
    ])
    const again = new Map(add.map(({ name, type }) => [name, type]))
    expect(fit({ params: { plan: 'gold' }, analysis: {} }, again).add).toEqual([])
  })

  test('keeps the type of a column (F1)', () => {
    const table = new Map([
      ['param_n', 'number'],
      ['param_t', 'text'],
      ['param_b', 'boolean'],
      ['param_i', 'integer'],
    ])
    const { row } = fit({ params: { n: 'many', t: 4, b: true, i: 1.5 }, analysis: {} }, table)
    expect(row).toMatchObject({ param_n: null, param_t: '4', param_b: true, param_i: null })
    expect(row['unfit']).toEqual({ param_n: 'many', param_i: 1.5 })
    const texts = fit({ params: { n: '42', i: '042' }, analysis: {} }, table).row
    expect(texts).toMatchObject({ param_n: 42, param_i: null, unfit: { param_i: '042' } })
  })

  test('is not filled with columns by names that others invent (F2)', () => {
    const params = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`n${n}`, n]))
    const { add, unfit } = fit({ params, analysis: {} })
    expect(add).toHaveLength(COLUMNS_MAX)
    expect(unfit).toHaveLength(900 - (COLUMNS_MAX - Object.keys(CALL_COLUMNS).length))
  })

  test('is left as it is where it may not be changed', () => {
    const table = new Map([
      ['call_id', 'text'],
      ['param_plan', 'text'],
      ['unfit', 'json'],
    ])
    const { add, row } = fit({ params: { plan: 'gold', x: 1 }, analysis: {} }, table, false)
    expect(add).toEqual([])
    expect(row).toEqual({ call_id: someCall.uuid, param_plan: 'gold', unfit: { param_x: 1 } })
  })
})

test.each([
  [0.7, 'positive', 0.7],
  [-0.04, 'neutral', -0.04],
  [7, null, null],
  ['NEGATIVE ', 'negative', null],
  [{ label: 'mixed', score: 0.2 }, 'mixed', 0.2],
  [{ compound: -0.9 }, 'negative', -0.9],
  [['positive'], null, null],
])('a sentiment said as %j is %s at %s', (told, label, score) => {
  expect(readSentiment({ Sentiment: told })).toEqual({ label, score })
})

test('every fixed column has its line in the documentation', () => {
  const page = readFileSync(
    new URL('../../../../docs/connectors/analytics.md', import.meta.url),
    'utf8',
  )
  const [, columns = ''] = page.split('## The columns')
  expect(Object.keys(CALL_COLUMNS).filter((name) => !columns.includes(`\`${name}\``))).toEqual([])
})

test('a journey hands over its call as it is', () => {
  expectTypeOf<JourneyCall>().toExtend<z.input<typeof AnalyticsCall>>()
})
