import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { intercom } from './index.ts'
import { openFakeIntercom } from './testing/fake.ts'

const subject = { connector: intercom, open: () => openFakeIntercom() }

describe('a contact', () => {
  test('whom the search does not yet know is changed and not made twice', async () => {
    await using bench = await openBench(subject)
    const { setup } = bench
    setup.stopIndex()
    const email = 'ada@example.com'
    await bench.run('contact.upsert', { email, first_name: 'Ada' })
    // Another subject, and another spelling.
    const later = { email: 'Ada@example.com', last_name: 'Lovelace' }
    await bench.run('contact.upsert', later, { subjectKey: 'bk_other' })
    expect(setup.all('contacts')).toMatchObject([{ name: 'Lovelace' }])
  })

  test('that somebody else made keeps its external id', async () => {
    await using bench = await openBench(subject)
    const { setup } = bench
    setup.seed('contacts', { email: 'ada@example.com', external_id: 'own-7', name: 'Ada' })
    await bench.run('contact.upsert', { email: 'ada@example.com', phone: '+14155550100' })
    expect(setup.all('contacts')).toMatchObject([
      { external_id: 'own-7', name: 'Ada', phone: '+14155550100' },
    ])
  })
})

describe('a ticket', () => {
  test('is not made again on a guess, and found when the search knows it', async () => {
    await using bench = await openBench(subject)
    const { setup } = bench
    const { id: contact_id } = setup.seed('contacts', {})
    const input = { subject: 'Late', contact_id }
    expect(bench.classOf('ticket.create', input)).toBe('none')
    const first = await bench.run('ticket.create', input)
    expect(await bench.run('ticket.create', input)).toEqual(first)
    expect(setup.all('tickets')).toHaveLength(1)
  })

  test('is open until it is resolved or shut, the one changed last first', async () => {
    await using bench = await openBench(subject)
    const { id: contact } = bench.setup.seed('contacts', {})
    for (const [state, open] of [
      ['101', true],
      ['102', true],
      ['103', true],
      ['101', false],
    ] as const) {
      bench.setup.seed('tickets', { contact, state, open })
    }
    expect(await bench.run('ticket.find_open', { contact_id: contact })).toMatchObject({
      output: [{ status: 'pending' }, { status: 'open', requester_id: contact }],
    })
  })

  test('is resolved to its state, and shut where there is none for that', async () => {
    for (const [settings, status] of [
      [{}, 'solved'],
      [{ ticket_states: {} }, 'closed'],
    ] as const) {
      await using bench = await openBench({ ...subject, open: () => openFakeIntercom(settings) })
      const { id } = bench.setup.seed('tickets', { contact: 'c', state: '101', open: true })
      expect(await bench.run('ticket.resolve', { id })).toMatchObject({ output: { status } })
    }
  })
})

describe('the words of a caller', () => {
  test('are no markup in a note, and the whole of a long call can be read on (D11)', async () => {
    await using bench = await openBench(subject)
    const { setup } = bench
    const { id: contact_id } = setup.seed('contacts', {})
    const body = Array.from({ length: 5_000 }, () => 'user: <a href="https://evil.example">&</a>')
    const link = 'https://bookend.example.com/calls/1'
    await bench.run('note.create', { contact_id, body: body.join('\n'), link })
    const text = String(setup.all('notes')[0]?.['body'])
    expect(text.length).toBeLessThanOrEqual(60_000)
    expect(text).toMatch(/^user: &lt;a href=&quot;/)
    expect(text).not.toMatch(/<(?!br>)/)
    expect(text).toMatch(/goes on: https:\/\/.*\/1\]<br>\[bookend:bk_subject\]$/)
  })

  test('on a ticket are for the team unless they are to be public', async () => {
    await using bench = await openBench(subject)
    const { id } = bench.setup.seed('tickets', { contact: 'c' })
    await bench.run('ticket.comment', { id, body: 'for us' })
    await bench.run('ticket.comment', { id, body: 'for all', public: true }, { subjectKey: 'bk_2' })
    expect(bench.setup.all('parts')).toMatchObject([
      { message_type: 'note' },
      { message_type: 'comment' },
    ])
  })
})
