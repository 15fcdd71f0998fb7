import { smtp } from '@bookend/connectors'
import { fitText, phoneTools } from '@bookend/core'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { CARE_ADDRESS } from '../places.ts'
import { openClinic } from '../testing/open-clinic.ts'
import { startMail } from './mail.ts'

async function openMail() {
  const clinic = await openClinic()
  const lines: string[] = []
  const mail = await startMail({ pool: clinic.pool, port: 0, print: (line) => lines.push(line) })
  const email = smtp.actions['email.send']
  const send = (input: Parameters<typeof email.input.parse>[0], key = 'run-1-mail') =>
    email.run(
      {
        settings: smtp.settings.parse({
          host: '127.0.0.1',
          port: mail.port,
          security: 'none',
          from: CARE_ADDRESS,
        }),
        auth: null,
        client: undefined,
        http: { send: () => Promise.reject(new Error('no HTTP here')) },
        reach: {
          addressesOf: (host) => lookup(host, { all: true }),
          allowsPeer: () => true,
          allowsPlain: () => true,
          allowsFiles: true,
        },
        signal: new AbortController().signal,
        remainingMs: () => 5_000,
        now: () => new Date(),
        key,
        subjectKey: key,
        phone: phoneTools,
        fit: fitText,
        log: { info: () => undefined, warn: () => undefined },
      },
      email.input.parse(input),
    )
  return {
    lines,
    mail,
    send,
    mails: async () => (await clinic.pool.query('select * from clinic.mails')).rows,
    async [Symbol.asyncDispose]() {
      await mail[Symbol.asyncDispose]()
      await clinic[Symbol.asyncDispose]()
    },
  }
}

describe('the mail server', () => {
  test('keeps what the connector sends, and says so in one line', async () => {
    await using open = await openMail()
    const body = `Dear Siobhán,\n\n${'A line that is longer than a mail may have. '.repeat(8).trim()}\n\n.\nEnd`
    await open.send({ to: ['a@example.com', 'b@example.com'], subject: 'Grüße – ✓', text: body })
    expect(await open.mails()).toMatchObject([
      {
        message_id: '<run-1-mail@harborstreet.example>',
        from: CARE_ADDRESS,
        to: 'a@example.com, b@example.com',
        subject: 'Grüße – ✓',
        text: body,
        times_received: 1,
      },
    ])
    expect(open.lines).toEqual(['mail to a@example.com, b@example.com: Grüße – ✓'])
  })

  test('reads the plain part of a mail that has two', async () => {
    await using open = await openMail()
    await open.send({ to: ['a@example.com'], subject: 'Two', text: 'Plain', html: '<b>Bold</b>' })
    expect(await open.mails()).toMatchObject([{ text: 'Plain' }])
  })

  test('counts a mail that comes again, and keeps it once', async () => {
    await using open = await openMail()
    const mail = { to: ['a@example.com'], subject: 'Again', text: 'Hello' }
    await open.send(mail)
    await open.send(mail)
    await open.send(mail, 'run-2-mail')
    expect(new Set((await open.mails()).map((one) => one.times_received))).toEqual(new Set([1, 2]))
    expect(open.lines[1]).toBe('mail to a@example.com: Again (the same one, 2 times now)')
  })

  test('outlives a client that breaks off', async () => {
    await using open = await openMail()
    const socket = connect(open.mail.port, '127.0.0.1')
    await once(socket, 'data')
    socket.write(
      'EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: cut',
    )
    socket.resetAndDestroy()
    await open.send({ to: ['a@example.com'], subject: 'After', text: 'Hello' })
    expect(await open.mails()).toMatchObject([{ subject: 'After' }])
  })

  test('says that a port is taken', async () => {
    await using open = await openMail()
    const second = startMail({ pool: undefined as never, port: open.mail.port, print: () => {} })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
