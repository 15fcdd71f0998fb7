import { describe, expect, test } from 'vitest'
import { showRequest } from './show-request.ts'

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

describe('a request that is shown', () => {
  test.each([
    ['a body of JSON', { body: '{"to":"Ada","password":"hunter2"}' }],
    ['a body of JSON that was cut', { body: '{"password":"hunter2","to":"A' }],
    ['a form', { headers: form, body: 'to=Ada&password=hunter2' }],
    ['its address', { url: 'https://x.example/a?password=hunter2&to=Ada' }],
    ['its headers', { headers: { 'x-api-key': 'hunter2' } }],
    ['the values of a statement', { values: ['[{"password":"hunter2"}]'] }],
    ['what is no HTTP', { statement: { password: 'hunter2' } }],
  ])('says no credential of %s (S1, S2)', (_, request) => {
    expect(JSON.stringify(showRequest(request))).not.toContain('hunter2')
  })

  test('says everything else', () => {
    const request = { method: 'PUT', url: 'https://x.example/a?to=Ada', headers: form, body: 'a=1' }
    expect(showRequest(request)).toEqual({ ...request, body: { a: '1' } })
    expect(showRequest({ body: 'Hello' })).toEqual({ body: 'Hello' })
    expect(showRequest({ values: [7, 'Ada'] })).toEqual({ values: [7, 'Ada'] })
    expect(showRequest(null)).toBeNull()
  })
})
