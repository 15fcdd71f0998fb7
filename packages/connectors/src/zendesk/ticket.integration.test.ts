import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { zendesk } from './index.ts'
import { openFakeZendesk } from './testing/fake.ts'

const subject = { connector: zendesk, open: openFakeZendesk }

describe('a ticket', () => {
  test('is open until it is solved, the one changed last first', async () => {
    await using bench = await openBench(subject)
    const { setup } = bench
    const { id } = setup.seedUser({})
    for (const status of ['new', 'hold', 'solved', 'closed', 'unheard-of']) {
      setup.seedTicket({ status, subject: status, requester_id: id })
    }
    expect(await bench.run('ticket.find_open', { contact_id: String(id) })).toMatchObject({
      output: [
        { subject: 'unheard-of', status: 'open' },
        { subject: 'hold', status: 'pending' },
        { subject: 'new', status: 'open' },
      ],
    })
  })

  test('is found by its mark when Zendesk has forgotten the key (K4)', async () => {
    await using bench = await openBench(subject)
    const input = { subject: 'Late' }
    const first = await bench.run('ticket.create', input)
    bench.setup.forgetKeys()
    expect(await bench.run('ticket.create', { subject: 'Later' })).toEqual(first)
    expect(bench.setup.tickets()).toHaveLength(1)
    await bench.run('ticket.create', input, { subjectKey: 'bk_other' })
    expect(bench.setup.tickets()).toHaveLength(2)
  })

  test('holds the words of a caller as words (D4, D11)', async () => {
    await using bench = await openBench(subject)
    const text = '<b>{{ticket.requester.email}}</b>\n{% raw %}'
    await bench.run('ticket.create', { subject: 'A {{dc.secret}}', description: text })
    const [ticket] = bench.setup.tickets()
    expect(ticket?.['subject']).toBe('A { {dc.secret}}')
    const [comment] = ticket === undefined ? [] : bench.setup.commentsOf(ticket)
    expect(comment).toMatchObject({
      public: false,
      html_body: '&lt;b&gt;&#123;&#123;ticket.requester.email}}&lt;/b&gt;<br>&#123;% raw %}',
    })
  })
})

describe('a comment', () => {
  test('is added once, also when somebody else writes at that moment', async () => {
    await using bench = await openBench(subject)
    const { setup, vendor } = bench
    const ticket = setup.seedTicket({})
    const id = String(ticket.id)
    const conflict = { status: 409, body: { error: 'UpdateConflict' } }
    vendor.failNext(
      { kind: 'answer', isDone: false, answer: conflict },
      ({ method }) => method === 'PUT',
    )
    const first = await bench.run('ticket.comment', { id, body: 'Called back.' })
    expect(first).toMatchObject({ kind: 'ok' })
    expect(await bench.run('ticket.comment', { id, body: 'Called back.' })).toEqual(first)
    expect(setup.commentsOf(ticket)).toMatchObject([{ body: 'Called back.\n[bookend:bk_subject]' }])
  })

  test('is left for later when the ticket does not come to rest', async () => {
    await using bench = await openBench(subject)
    const { id } = bench.setup.seedTicket({})
    bench.vendor.failAll(
      { kind: 'answer', isDone: false, answer: { status: 409, body: {} } },
      ({ method }) => method === 'PUT',
    )
    expect(await bench.run('ticket.comment', { id: String(id), body: 'x' })).toMatchObject({
      verdict: { kind: 'retry', detail: 'ticket_keeps_changing' },
    })
  })

  test('of a long call ends with where to read on', async () => {
    await using bench = await openBench(subject)
    const ticket = bench.setup.seedTicket({})
    const body = Array.from({ length: 5_000 }, () => 'user: <b>"1" & {2}</b>').join('\n')
    const link = 'https://bookend.example.com/calls/1'
    await bench.run('ticket.comment', { id: String(ticket.id), body, link })
    const [comment] = bench.setup.commentsOf(ticket)
    expect(comment?.html_body.length).toBeLessThanOrEqual(65_000)
    expect(comment?.html_body).toMatch(/goes on: https:\/\/.*\/1\]<br>\[bookend:bk_subject\]$/)
  })
})
