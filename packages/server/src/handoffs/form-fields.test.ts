import type { JsonObject } from '@bookend/contract'
import { checkAnswer, parseHandoff } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fieldsOf, readAnswer } from './form-fields.ts'

const form = parseHandoff('', {
  title: 'x',
  within: '1h',
  form: z.object({
    decision: z.enum(['call-back', 'email']),
    note: z.string().max(500).optional(),
    name: z.string().max(60).meta({ title: 'Whose', description: 'As on the card' }),
    seats: z.number().int().min(1).max(9),
    vip: z.boolean(),
    days: z.array(z.enum(['mon', 'tue'])),
    mail: z.email().nullable(),
    more: z.object({ a: z.number() }).optional(),
  }),
}).form
const fields = fieldsOf(form)
const inputOf = (name: string): string => fields.find((field) => field.name === name)?.input ?? ''
const send = (values: Readonly<Record<string, string | readonly string[]>>) => {
  const sent = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    for (const one of typeof value === 'string' ? [value] : value) sent.append(inputOf(name), one)
  }
  return readAnswer(fields, sent)
}

describe('the fields of a form', () => {
  test('are in the order of the form, of the kind that each takes', () => {
    expect(fields.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
      ['decision', 'choice', true],
      ['note', 'text', false],
      ['name', 'line', true],
      ['seats', 'number', true],
      ['vip', 'yes_no', true],
      ['days', 'choices', true],
      ['mail', 'line', true],
      ['more', 'json', false],
    ])
    expect(fields[2]).toMatchObject({ label: 'Whose', hint: 'As on the card' })
  })

  test('make an answer that the form takes', () => {
    const { answer, faults } = send({
      decision: 'email',
      name: 'Ada',
      seats: '3',
      days: ['mon', 'tue'],
      mail: 'ada@example.com',
      more: '{"a":1}',
    })
    expect(faults.size).toBe(0)
    expect(answer).toEqual({
      decision: 'email',
      name: 'Ada',
      seats: 3,
      vip: false,
      days: ['mon', 'tue'],
      mail: 'ada@example.com',
      more: { a: 1 },
    })
    expect(checkAnswer(form, answer)).toMatchObject({ ok: true })
  })

  test('leave to the form what is wrong, and say what is no JSON', () => {
    const { answer, faults } = send({ seats: 'many', more: '{', decision: 'shout' })
    expect([...faults]).toEqual([['more', 'this is not JSON']])
    expect(answer).toMatchObject({ seats: 'many', decision: 'shout' })
    expect(checkAnswer(form, answer).ok).toBe(false)
  })

  test('of a form that names itself __proto__ change no prototype', () => {
    const odd = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject
    const [field] = fieldsOf(odd)
    const sent = new URLSearchParams({ [field?.input ?? '']: 'x' })
    const { answer } = readAnswer(fieldsOf(odd), sent)
    expect(Object.getPrototypeOf(answer)).toBe(Object.prototype)
  })
})
