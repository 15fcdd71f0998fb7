import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { salesforce } from './index.ts'
import { type FakeSalesforceOptions, openFakeSalesforce } from './testing/fake.ts'

const openWith = (options: FakeSalesforceOptions = {}) =>
  openBench({ connector: salesforce, open: () => openFakeSalesforce(options) })

const isData = ({ path }: { readonly path: string }): boolean => path.startsWith('/services/data')
const note = { body: 'Called back.' }

describe('what Salesforce refuses', () => {
  test.each([
    [403, 'REQUEST_LIMIT_EXCEEDED', 'limited', 'request_limit_exceeded'],
    [400, 'UNABLE_TO_LOCK_ROW', 'retry', 'unable_to_lock_row'],
    [503, 'SERVER_UNAVAILABLE', 'retry', 'server_unavailable'],
    [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'refused', 'insufficient_access_or_readonly'],
    [400, 'MALFORMED_QUERY', 'refused', 'malformed_query'],
    [400, 'DUPLICATES_DETECTED', 'conflict', 'duplicates_detected'],
    [400, 'DUPLICATE_VALUE', 'conflict', 'duplicate_value'],
    [
      400,
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'refused',
      'cannot_insert_update_activate_entity',
    ],
    [400, 'a secret of Ada', 'refused', 'unnamed'],
    [404, 'NOT_FOUND', 'refused', 'http_404'],
    [500, 'UNKNOWN_EXCEPTION', 'unknown', 'http_500'],
    [429, 'ANY', 'limited', 'http_429'],
  ])('%i %s is %s', async (code, errorCode, kind, detail) => {
    await using bench = await openWith({ settings: { key_field: 'Bookend_Key__c' } })
    const body = [{ errorCode, message: 'a secret of Ada', fields: [] }]
    bench.vendor.failAll(status(code, {}, body), isData)
    const outcome = await bench.run('note.create', note)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('secret of Ada')
  })

  test('an upsert that another one came before is tried again (W2)', async () => {
    await using bench = await openWith({ settings: { key_field: 'Bookend_Key__c' } })
    const of = (field: string) => [
      {
        errorCode: 'DUPLICATE_VALUE',
        message: `duplicate value found: ${field} duplicates value on record with id: 00T0`,
      },
    ]
    bench.vendor.failNext(status(400, {}, of('Bookend_Key__c')), isData)
    expect(await bench.run('note.create', note)).toMatchObject({
      verdict: { kind: 'retry', detail: 'made_at_the_same_moment' },
    })
    bench.vendor.failNext(status(400, {}, of('Other__c')), isData)
    expect(await bench.run('note.create', note)).toMatchObject({
      verdict: { kind: 'conflict', detail: 'duplicate_other__c' },
    })
    expect(await bench.run('note.create', note)).toMatchObject({ kind: 'ok' })
    expect(bench.setup.all('Task')).toHaveLength(1)
  })

  test('several records for one external id are never guessed between', async () => {
    await using bench = await openWith({ settings: { key_field: 'Bookend_Key__c' } })
    bench.vendor.failAll(status(300, {}, ['/a', '/b']), isData)
    expect(await bench.run('note.create', note)).toMatchObject({ verdict: { kind: 'refused' } })
  })
})

describe('a session', () => {
  test('is begun once for all who need it, and again when it has ended (K6, S2)', async () => {
    await using bench = await openWith()
    const { setup } = bench
    const runs = Array.from({ length: 20 }, () =>
      bench.run('record.query', { soql: 'SELECT Id FROM Case' }),
    )
    for (const outcome of await Promise.all(runs)) expect(outcome).toMatchObject({ kind: 'ok' })
    expect(setup.tokens).toHaveLength(1)
    setup.endSessions()
    expect(await bench.run('note.create', note)).toMatchObject({ kind: 'ok' })
    expect(setup.tokens).toHaveLength(2)
    expect(setup.all('Task')).toHaveLength(1)

    bench.vendor.failAll(status(401, {}, [{ errorCode: 'INVALID_SESSION_ID' }]), isData)
    expect(await bench.run('note.create', note)).toMatchObject({ verdict: { kind: 'auth' } })
    expect(setup.tokens).toHaveLength(3)
  })

  test('is signed for by a key, for minutes and for Salesforce alone', async () => {
    await using bench = await openWith({ isByJwt: true })
    expect(await bench.check()).toMatchObject({ kind: 'ok' })
    expect(bench.setup.claims).toEqual([
      {
        iss: 'canary-client-id',
        sub: 'bookend@acme.example',
        aud: 'https://login.salesforce.com',
        exp: expect.any(Number),
      },
    ])
    const { exp } = bench.setup.claims[0] as { exp: number }
    expect(exp - Date.now() / 1_000).toBeLessThan(180)
  })

  test.each([
    'https://evil.example.com',
    'http://acme.my.salesforce.com',
    'https://salesforce.com.evil.example.com',
    'https://notsalesforce.com',
    'no address',
  ])('that would be carried to %s is not (S1)', async (instance) => {
    await using bench = await openWith({ instance })
    expect(await bench.run('note.create', note)).toMatchObject({
      verdict: { kind: 'refused', detail: 'instance_is_not_salesforce' },
    })
    expect(bench.vendor.requests.filter(isData)).toEqual([])
  })

  test.each([
    [400, { error: 'invalid_grant' }, 'auth', 'invalid_grant'],
    [200, {}, 'retry', 'no_token_in_answer'],
    [500, {}, 'retry', 'http_500'],
  ])('that is not given, %i %j, is %s', async (code, body, kind, detail) => {
    await using bench = await openWith()
    bench.vendor.failAll(status(code, {}, body))
    expect(await bench.run('note.create', note)).toMatchObject({ verdict: { kind, detail } })
  })
})

test.each([
  ['api-usage=18/15000', []],
  ['api-usage=14250/15000', [{ limit: 15_000, remaining: 750 }]],
  ['per-app-api-usage=15000/15000(a); api-usage=16000/15000', [{ limit: 15_000, remaining: 0 }]],
  ['per-app-api-usage=15000/15000(a)', []],
  ['nonsense', []],
])('of the day, %s tells %j', (text, seen) => {
  const headers = { 'sforce-limit-info': text }
  const limits = salesforce.readLimits?.({ status: 200, headers, now: new Date(0) })
  expect(limits).toEqual(seen.map((one) => ({ ...one, resetAt: new Date(3_600_000) })))
})

describe('the check', () => {
  test('says which fields are missing, and what that costs', async () => {
    const settings = { key_field: 'Wrong__c', contact_field: 'Bookend_Contact__c' }
    await using bench = await openWith({ settings })
    expect(await bench.check()).toMatchObject({
      output: {
        account: expect.stringContaining('127.0.0.1'),
        warnings: [
          expect.stringContaining('Task has no field Wrong__c'),
          expect.stringContaining('Case has no field Wrong__c'),
        ],
      },
    })
    await using bare = await openWith()
    expect(await bare.check()).toMatchObject({
      output: {
        warnings: [expect.stringContaining('key_field'), expect.stringContaining('contact_field')],
      },
    })
  })

  test('says that little of the day is left', async () => {
    await using bench = await openWith()
    const limits = { DailyApiRequests: { Max: 100, Remaining: 10 } }
    bench.vendor.failNext(status(200, {}, limits), ({ path }) => path.endsWith('/limits'))
    expect(await bench.check()).toMatchObject({
      output: { warnings: expect.arrayContaining([expect.stringContaining('10 are left')]) },
    })
  })
})
