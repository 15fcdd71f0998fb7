import { ApiError } from '@bookend/sdk/client'
import { describe, expect, test } from 'vitest'
import { CliError } from './cli-error.ts'
import { explainError } from './explain-error.ts'

const problem = (status: number, code: string, detail: string, errors?: object[]): ApiError =>
  new ApiError(status, { type: '', title: '', status, code, detail, errors } as never)

describe('an error in words', () => {
  test('says what the API objects to, each field once', () => {
    const errors = [{ path: 'to_number', message: 'is unknown' }]
    expect(explainError(problem(422, 'invalid', 'A value is wrong', errors))).toEqual([
      'A value is wrong (422 invalid)',
      'to_number: is unknown',
    ])
    expect(explainError(problem(422, 'invalid', 'to_number is unknown', errors))).toEqual([
      'to_number is unknown (422 invalid)',
    ])
  })

  test('says what to do about a key that is not known', () => {
    const lines = explainError(problem(401, 'unauthenticated', 'No such key'))
    expect(lines[1]).toContain('bookend doctor')
  })

  test('says when something else than Bookend answered', () => {
    expect(explainError(new ApiError(502, null))).toEqual([
      'The server answered 502, and not as Bookend does',
    ])
  })

  test('says which port is taken, and how to choose another', () => {
    const taken = Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 4_400 })
    expect(explainError(taken)).toEqual(['Port 4400 is taken', expect.stringContaining('PORT=')])
  })

  test('keeps the lines of a message, and their remedies', () => {
    expect(explainError(new Error('PORT is wrong:\n  it is 70000'))).toHaveLength(2)
    expect(explainError(new CliError('No key', ['Give one']))).toEqual(['No key', 'Give one'])
  })

  test('cannot be used to move the cursor (X1)', () => {
    expect(explainError(problem(422, 'invalid', '\u001b[2J'))[0]).toBe('�[2J (422 invalid)')
  })
})
