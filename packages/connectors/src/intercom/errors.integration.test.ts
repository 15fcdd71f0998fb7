import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { intercom } from './index.ts'
import { readLimits } from './rest.ts'
import { openFakeIntercom } from './testing/fake.ts'

const subject = { connector: intercom, open: () => openFakeIntercom() }
const update = { id: '1', status: 'pending' }

const errors = (code: string, message = 'about Ada') => ({
  type: 'error.list',
  errors: [{ code, message }],
})

describe('what Intercom refuses', () => {
  test.each([
    [400, errors('parameter_invalid'), 'refused', 'parameter_invalid'],
    [401, errors('unauthorized'), 'auth', 'http_401'],
    [403, errors('token_forbidden'), 'refused', 'token_forbidden'],
    [404, errors('ticket_not_found'), 'refused', 'ticket_not_found'],
    [
      409,
      errors('conflict', 'exists with id=5ba682d23d7cf92bef87bfd4'),
      'conflict',
      'existing_5ba682d23d7cf92bef87bfd4',
    ],
    [409, errors('conflict'), 'conflict', 'conflict'],
    [422, errors('a sentence about Ada'), 'refused', 'http_422'],
    [429, errors('rate_limit_exceeded'), 'limited', 'http_429'],
    [500, errors('server_error'), 'unknown', 'http_500'],
    [503, {}, 'unknown', 'http_503'],
    [200, errors('server_error'), 'refused', 'server_error'],
  ])('%i %j is %s', async (code, body, kind, detail) => {
    await using bench = await openBench(subject)
    bench.vendor.failAll(status(code, {}, body))
    const outcome = await bench.run('ticket.update', update)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('Ada')
  })

  test('for a time, is asked again when that is over', async () => {
    await using bench = await openBench(subject)
    const resetSeconds = Math.floor(Date.now() / 1_000) + 7
    bench.vendor.failAll(status(429, { 'x-ratelimit-reset': String(resetSeconds) }))
    expect(await bench.run('ticket.update', update)).toMatchObject({
      verdict: { kind: 'limited', until: new Date(resetSeconds * 1_000) },
    })
  })

  test.each([
    ['ticket.create', { subject: 'x' }, {}, 'ticket_needs_a_contact'],
    [
      'ticket.create',
      { subject: 'x', contact_id: '1' },
      { ticket_type_id: null },
      'ticket_type_not_set',
    ],
    [
      'ticket.create',
      { subject: 'x', contact_id: '1', priority: 'high' },
      {},
      'tickets_have_no_priority',
    ],
    ['ticket.update', update, { ticket_states: {} }, 'no_state_pending'],
    ['ticket.comment', { id: '1', body: 'x' }, { admin_id: null }, 'admin_id_not_set'],
    ['note.create', { body: 'x' }, {}, 'note_needs_contact_or_ticket'],
    ['note.create', { body: 'x', contact_id: '1', ticket_id: '1' }, {}, 'note_has_one_place'],
    ['contact.upsert', { phone: 'anonymous' }, {}, 'phone_is_no_number'],
    ['contact.upsert', { email: 'a@example.com', company: 'X' }, {}, 'company_is_a_record'],
  ])('%s %j is refused here', async (name, input, settings, detail) => {
    await using bench = await openBench({ ...subject, open: () => openFakeIntercom(settings) })
    const outcome = await bench.run(name, input)
    expect(outcome).toMatchObject({ verdict: { kind: 'refused', detail } })
    expect(bench.vendor.requests).toEqual([])
  })
})

test('headers tell what is left of the limit, and when there is more', () => {
  const headers = {
    'x-ratelimit-limit': '1666',
    'x-ratelimit-remaining': '1665',
    'x-ratelimit-reset': '1767603600',
  }
  const now = new Date('2026-01-05T08:59:55Z')
  const resetAt = new Date('2026-01-05T09:00:00Z')
  expect(readLimits({ status: 200, headers, now })).toEqual([
    { limit: 1666, remaining: 1665, resetAt },
  ])
  expect(readLimits({ status: 200, headers: {}, now })).toEqual([])
})

test('the check names what is not set up', async () => {
  const open = () => openFakeIntercom({ admin_id: '1', ticket_type_id: null, ticket_states: {} })
  await using bench = await openBench({ ...subject, open })
  expect(await bench.check()).toMatchObject({
    output: {
      warnings: [
        expect.stringContaining('no teammate 1'),
        expect.stringContaining('ticket_type_id'),
        expect.stringContaining('open, pending, solved'),
      ],
    },
  })
})
