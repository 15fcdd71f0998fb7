import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { zendesk } from './index.ts'
import { readLimits } from './rest.ts'
import { openFakeZendesk } from './testing/fake.ts'

const subject = { connector: zendesk, open: openFakeZendesk }
const upsert = { email: 'ada@example.com', first_name: 'Ada' }

describe('what Zendesk refuses', () => {
  test.each([
    [400, { error: 'IdempotentRequestError' }, 'refused', 'idempotent_request_error'],
    [401, { error: 'no' }, 'auth', 'http_401'],
    [403, { error: { title: 'Forbidden', message: 'x' } }, 'refused', 'forbidden'],
    [403, { error: 'a sentence about Ada' }, 'refused', 'http_403'],
    [404, {}, 'refused', 'http_404'],
    [409, { error: 'UpdateConflict' }, 'conflict', 'update_conflict'],
    [422, { error: 'RecordInvalid', details: { email: ['Ada'] } }, 'refused', 'record_invalid'],
    [429, {}, 'limited', 'http_429'],
    [500, {}, 'unknown', 'http_500'],
    [503, {}, 'unknown', 'http_503'],
  ])('%i %j is %s', async (code, body, kind, detail) => {
    await using bench = await openBench(subject)
    bench.vendor.failAll(status(code, {}, body))
    const outcome = await bench.run('contact.upsert', upsert)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('Ada')
  })

  test('in plain text is understood by its status', async () => {
    await using bench = await openBench(subject)
    const answer = { status: 403, type: 'text/plain', text: 'You may not' }
    bench.vendor.failAll({ kind: 'answer', isDone: false, answer })
    expect(await bench.run('contact.upsert', upsert)).toMatchObject({
      verdict: { kind: 'refused', detail: 'http_403' },
    })
  })

  test('a closed ticket is never changed; another goes on with it', async () => {
    await using bench = await openBench(subject)
    const { id } = bench.setup.seedTicket({ status: 'closed' })
    expect(await bench.run('ticket.resolve', { id: String(id) })).toMatchObject({
      verdict: { kind: 'refused', detail: 'ticket_is_closed' },
    })
    const input = { subject: 'Again', follow_up_of: String(id) }
    expect(await bench.run('ticket.create', input)).toMatchObject({ kind: 'ok' })
    expect(bench.vendor.requests.at(-1)?.body).toMatchObject({
      ticket: { via_followup_source_id: id },
    })
  })

  test.each([
    ['ticket.create', { subject: 'x', contact_id: 'abc' }, 'id_is_no_number'],
    ['ticket.create', { subject: 'x', properties: { nonsense: 1 } }, 'unknown_property'],
    ['ticket.assign', { id: '1', owner_id: 'abc' }, 'id_is_no_number'],
    ['contact.upsert', { phone: 'anonymous' }, 'phone_is_no_number'],
    ['contact.upsert', { ...upsert, company: 'X' }, 'company_needs_organization_id'],
  ])('%s %j is refused here', async (name, input, detail) => {
    await using bench = await openBench(subject)
    expect(await bench.run(name, input)).toMatchObject({ verdict: { kind: 'refused', detail } })
    expect(bench.vendor.requests).toEqual([])
  })
})

describe('what headers tell of the limit', () => {
  const now = new Date('2026-01-05T09:00:00Z')
  const read = (headers: Record<string, string>) => readLimits({ status: 200, headers, now })

  test('is what is left, and when there is more', () => {
    expect(
      read({ 'x-rate-limit': '700', 'x-rate-limit-remaining': '699', 'ratelimit-reset': '41' }),
    ).toEqual([{ limit: 700, remaining: 699, resetAt: new Date('2026-01-05T09:00:41Z') }])
    expect(read({ 'x-rate-limit-remaining': 'many' })).toEqual([])
  })
})

describe('a contact', () => {
  test('keeps its name when none is given', async () => {
    await using bench = await openBench(subject)
    bench.setup.seedUser({ email: 'ada@example.com', name: 'Ada Byron' })
    const phone = '+14155550100'
    const input = { email: 'ADA@example.com', phone, properties: { plan: 'gold' } }
    expect(await bench.run('contact.upsert', input)).toMatchObject({
      output: { name: 'Ada Byron', phones: [phone], fields: { plan: 'gold' } },
    })
    expect(bench.setup.users()).toHaveLength(1)
  })
})
