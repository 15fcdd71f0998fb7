import { describe, expect, test } from 'vitest'
import { readAnswer, readFields } from './form-fields.ts'

const form = {
  type: 'object',
  properties: {
    decision: { type: 'string', enum: ['call-back', 'close'] },
    call_at: { type: 'string', format: 'date-time', description: 'When they are in' },
    note: { type: 'string' },
    amount: { type: 'number', title: 'Amount in euros' },
    urgent: { type: 'boolean' },
    tags: { type: 'array' },
  },
  required: ['decision', 'urgent'],
}

describe('the fields of a form', () => {
  test('are of the kind that fits their schema', () => {
    expect(readFields(form)).toMatchObject([
      { name: 'decision', kind: 'choice', choices: ['call-back', 'close'], isRequired: true },
      { name: 'call_at', kind: 'line', label: 'call at', help: 'When they are in' },
      { name: 'note', kind: 'text', isRequired: false },
      { name: 'amount', kind: 'number', label: 'Amount in euros' },
      { name: 'urgent', kind: 'tick' },
      { name: 'tags', kind: 'json' },
    ])
  })

  test('of a form that has none are none', () => {
    expect(readFields({ type: 'object' })).toEqual([])
  })
})

describe('the answer', () => {
  const fields = readFields(form)

  test('has what was filled in, each as its type, and nothing that was left empty', () => {
    const values = { decision: 'close', amount: '12.5', tags: '["a"]', note: ' ' }
    expect(readAnswer(fields, values)).toEqual({
      answer: { decision: 'close', amount: 12.5, tags: ['a'], urgent: false },
      wrong: new Map(),
    })
  })

  test('names the fields that are wrong', () => {
    expect([...readAnswer(fields, { amount: 'much', tags: '[' }).wrong]).toEqual([
      ['decision', 'is needed'],
      ['amount', 'must be a number'],
      ['tags', 'must be JSON'],
    ])
  })
})
