import { ApiError } from '@bookend/sdk/client'
import { describe, expect, test } from 'vitest'
import { findFailure, findFieldErrors } from './failure.ts'

const problem = {
  type: 'about:blank',
  title: 'A value is not as it must be',
  status: 422,
  detail: 'Two fields are wrong.',
  code: 'invalid',
  request_id: 'req_1',
  errors: [
    { path: 'default_parameters.plan', message: 'must be text' },
    { path: '/body/name', message: 'must not be empty' },
    { path: 'analyzers[0].title', message: 'is too long' },
  ],
}

describe('a failed request', () => {
  test('says what the server said, with its code and the id of the request', () => {
    expect(findFailure(new ApiError(422, problem))).toEqual({
      title: problem.title,
      detail: problem.detail,
      code: 'invalid',
      requestId: 'req_1',
    })
  })

  test('says that the server is away when there was no answer', () => {
    expect(findFailure(new TypeError('Failed to fetch')).code).toBe('unreachable')
  })

  test('maps what was wrong to the fields of the form', () => {
    expect([...findFieldErrors(new ApiError(422, problem)).keys()]).toEqual([
      'default_parameters',
      'name',
      'analyzers',
    ])
  })
})
