import { describe, expect, test } from 'vitest'
import { readAnswer } from './read-answer.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const answer = (body: string | Uint8Array, contentType = 'application/json', status = 200) =>
  readAnswer({
    status,
    headers: contentType === '' ? {} : { 'content-type': contentType },
    body: typeof body === 'string' ? bytes(body) : body,
  })

const ADA = '{"parameters":{"customer_name":"Ada"}}'
const read = { kind: 'read', parameters: { customer_name: 'Ada' }, routing: {}, missing: [] }
const nothing = { kind: 'read', parameters: {}, routing: {}, missing: [] }

describe('an endpoint’s answer (B4)', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.acme+json',
    'text/plain',
    '',
  ])('is read as %j', (contentType) => {
    expect(answer(ADA, contentType)).toEqual(read)
  })

  test.each([
    ['text/html', ADA],
    ['application/json; charset=latin1', ADA],
    ['application/json', '<html>ok</html>'],
    ['application/json', `${ADA}${ADA}`],
    ['application/json', `ok: ${ADA}`],
    ['application/json', '{"parameters":{"n":NaN}}'],
    ['application/json', '{"parameters":{"customer_na'],
  ])('is refused as not JSON: %s %s', (contentType, body) => {
    expect(answer(body, contentType)).toEqual({ kind: 'refused', failure: 'not_json' })
  })

  test('is refused when it is not UTF-8', () => {
    const body = new Uint8Array([...bytes('{"parameters":{"n":"'), 0xff, ...bytes('"}}')])
    expect(answer(body)).toEqual({ kind: 'refused', failure: 'not_json' })
  })

  test('is read behind a byte order mark', () => {
    expect(answer(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes(ADA)]))).toEqual(read)
  })

  test.each(['', '{}', '{"parameters":null}', '{"customer_name":"Ada"}'])(
    'merges nothing, without a fault, from %j',
    (body) => {
      expect(answer(body)).toEqual(nothing)
    },
  )

  test('merges nothing from 204', () => {
    expect(answer('', 'text/html', 204)).toEqual(nothing)
  })

  test.each(['[]', '"text"', '1', 'null', '{"parameters":["Ada"]}', '{"parameters":"Ada"}'])(
    'is refused when root or parameters is no object: %s',
    (body) => {
      expect(answer(body)).toEqual({ kind: 'refused', failure: 'no_parameters' })
    },
  )

  test.each([301, 302, 400, 404, 500, 503])(
    'is refused with status %i, whatever it says',
    (status) => {
      expect(answer(ADA, 'application/json', status)).toEqual({
        kind: 'refused',
        failure: 'http_status',
      })
    },
  )

  test('lets the last of two equal names count', () => {
    expect(answer('{"parameters":{"customer_name":"Bob","customer_name":"Ada"}}')).toEqual(read)
  })
})

describe('a hostile answer', () => {
  test.each([
    '{"parameters":{"__proto__":{"isVip":true}}}',
    '{"parameters":{"a":[{"\\u005f_proto__":{"isVip":true}}]}}',
    '{"parameters":{"constructor":{"prototype":{"isVip":true}}}}',
    '{"__proto__":{"parameters":{"isVip":true}}}',
  ])('reaches no prototype: %s (B1)', (body) => {
    expect(answer(body)).toEqual({ kind: 'refused', failure: 'invalid_response' })
    expect(({} as Record<string, unknown>)['isVip']).toBeUndefined()
  })

  test('is refused when it is nested beyond any walk (B2)', () => {
    const body = `{"parameters":{"deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`
    expect(answer(body)).toEqual({ kind: 'refused', failure: 'invalid_response' })
  })
})

describe('an answer that says whose it is', () => {
  const said = (id: unknown) =>
    readAnswer({
      status: 200,
      headers: {},
      body: bytes(JSON.stringify({ call_id: id, parameters: { customer_name: 'Ada' } })),
      callId: 'call-1',
    })

  test('is read for that call', () => {
    expect(said('call-1')).toEqual(read)
    expect(said(undefined)).toEqual(read)
  })

  test.each(['call-2', '', null, 1])('is refused for another: %j (B9)', (id) => {
    expect(said(id)).toEqual({ kind: 'refused', failure: 'invalid_response' })
  })
})

describe('the routing fields of an answer', () => {
  const ID = '6f1c7e0a-2b7d-4c55-9a0e-0d7f4b1c2a10'

  test('are read one by one', () => {
    expect(answer(`{"parameters":{},"agent_id":"${ID}","first_message":"Hi Ada"}`)).toEqual({
      ...nothing,
      routing: { agent_id: ID, first_message: 'Hi Ada' },
    })
  })

  test('are ignored and reported when ill-typed, and the parameters stay (B5)', () => {
    const body = '{"parameters":{"customer_name":"Ada"},"agent_id":7,"transfer":"+15550100"}'
    expect(answer(body)).toMatchObject({
      ...read,
      missing: [
        { name: 'agent_id', reason: 'invalid' },
        { name: 'transfer', reason: 'invalid' },
      ],
    })
  })

  test('exclude one another: the first counts, the others are reported', () => {
    const body = `{"parameters":{},"say":"We are closed","agent_id":"${ID}"}`
    expect(answer(body)).toMatchObject({
      routing: { agent_id: ID },
      missing: [{ name: 'say', reason: 'invalid' }],
    })
  })
})
