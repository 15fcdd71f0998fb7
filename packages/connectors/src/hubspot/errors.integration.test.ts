import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { hubspot } from './index.ts'
import { openFakeHubspot } from './testing/fake.ts'

const open = () => openFakeHubspot()
const upsert = { email: 'ada@example.com', first_name: 'Ada' }

describe('what HubSpot refuses', () => {
  test.each([
    [429, { policyName: 'SECONDLY' }, 'limited', 'secondly'],
    [429, { policyName: 'TEN_SECONDLY_ROLLING' }, 'limited', 'ten_secondly_rolling'],
    [429, { policyName: 'DAILY' }, 'limited', 'daily'],
    [
      400,
      { category: 'VALIDATION_ERROR', message: 'secret of Ada' },
      'refused',
      'validation_error',
    ],
    [403, { category: 'MISSING_SCOPES' }, 'refused', 'missing_scopes'],
    [409, { category: 'CONFLICT', message: 'Existing ID: 77' }, 'conflict', 'existing_77'],
    [401, { category: 'EXPIRED_AUTHENTICATION' }, 'auth', 'http_401'],
    [404, {}, 'refused', 'http_404'],
    [502, {}, 'unknown', 'http_502'],
    [207, { errors: [{ category: 'OBJECT_NOT_FOUND' }] }, 'missing', 'object_not_found'],
    [200, { errors: [{ category: 'CONFLICT' }], results: [] }, 'conflict', 'conflict'],
    [207, {}, 'unknown', 'http_207'],
  ])('%i %j is %s', async (code, body, kind, detail) => {
    await using bench = await openBench({ connector: hubspot, open })
    bench.vendor.failAll(status(code, {}, body))
    const outcome = await bench.run('contact.upsert', upsert)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('secret of Ada')
  })

  test.each([
    ['SECONDLY', 1_000],
    ['TEN_SECONDLY_ROLLING', 10_000],
    ['DAILY', 3_600_000],
  ])('waits as long as %s lasts', async (policyName, waitMs) => {
    await using bench = await openBench({ connector: hubspot, open })
    bench.vendor.failAll(status(429, {}, { policyName }))
    const outcome = await bench.run('contact.upsert', upsert)
    const until = outcome.kind === 'failed' && 'until' in outcome.verdict && outcome.verdict.until
    expect(until).toBeInstanceOf(Date)
    expect(Math.abs(Number(until) - Date.now() - waitMs)).toBeLessThan(1_000)
  })
})

describe('a contact', () => {
  test('known only by a number needs a property for it', async () => {
    await using bench = await openBench({ connector: hubspot, open })
    expect(await bench.run('contact.upsert', { phone: '+14155550100' })).toMatchObject({
      verdict: { kind: 'refused', detail: 'phone_property_not_set' },
    })
    expect(bench.vendor.requests).toEqual([])
    expect(await bench.check()).toMatchObject({
      output: { warnings: [expect.any(String), expect.stringContaining('phone_property')] },
    })
  })
})

describe('a ticket', () => {
  test('of a closed stage is not open, and one is resolved to the stage that ends it', async () => {
    await using bench = await openBench({ connector: hubspot, open })
    const { setup } = bench
    const contact = setup.seed('contacts', { phone: '+14155550100' })
    for (const stage of ['1', '2', '4', 'unheard-of']) {
      const ticket = setup.seed('tickets', { subject: stage, hs_pipeline_stage: stage })
      setup.associate(ticket, contact)
    }
    const found = await bench.run('ticket.find_open', { contact_id: contact.id })
    expect(found).toMatchObject({
      output: [
        { subject: 'unheard-of', status: 'open', requester_id: contact.id },
        { subject: '2', status: 'pending' },
        { subject: '1', status: 'open' },
      ],
    })
    const [, , first] = (found as { output: { id: string }[] }).output
    const solved = await bench.run('ticket.resolve', { id: first?.id })
    // The pipeline knows no difference between solved and closed.
    expect(solved).toMatchObject({ output: { status: 'closed' } })
  })
})

describe('the words of a caller', () => {
  test('are no markup, and the whole of a long call can be read on', async () => {
    await using bench = await openBench({ connector: hubspot, open })
    const { setup } = bench
    const contact = setup.seed('contacts', {})
    const turn = 'user: <b>"1" & 2</b>'
    const input = {
      direction: 'outbound',
      from_number: '+14155550100',
      to_number: '+14155550101',
      started_at: '2026-01-05T10:00:00+01:00',
      duration_seconds: 61.5,
      summary: turn,
      transcript: Array.from({ length: 5_000 }, () => turn).join('\n'),
      link: 'https://bookend.example.com/calls/1',
      contact_id: contact.id,
    }
    expect(await bench.run('call.log', input)).toMatchObject({ kind: 'ok' })
    const [call] = setup.all('calls')
    expect(call?.properties).toMatchObject({
      hs_timestamp: '2026-01-05T09:00:00.000Z',
      hs_call_duration: '61500',
      hs_call_direction: 'OUTBOUND',
      hs_call_body: 'user: &lt;b&gt;&quot;1&quot; &amp; 2&lt;/b&gt;\n[bookend:bk_subject]',
    })
    const [note] = setup.all('notes')
    const body = note?.properties['hs_note_body'] ?? ''
    expect(body.length).toBeLessThanOrEqual(65_536)
    expect(body).toMatch(/goes on: https:\/\/bookend.example.com\/calls\/1\]\n\[bookend:.*\]$/)
    expect(body).not.toContain('<b>')
  })
})
