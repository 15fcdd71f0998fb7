import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerOptions } from 'smtp-server'
import { describe, expect, test } from 'vitest'
import { testContext } from '../testing/context.ts'
import { classifySmtp, emailSend } from './actions.ts'
import { escapeHtml } from '../escape-html.ts'
import { EmailInput, SmtpSettings } from './schema.ts'

type OnData = NonNullable<SMTPServerOptions['onData']>

async function sendThrough(take: (...args: [...Parameters<OnData>, cut: () => void]) => void) {
  const sockets = new Set<Socket>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (...args) => take(...args, () => sockets.forEach((socket) => socket.destroy())),
  })
  server.server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const from = 'a@example.com'
  const settings = SmtpSettings.parse({ host: '127.0.0.1', port, security: 'none', from })
  const ctx = testContext({
    settings,
    auth: null,
    client: undefined,
    key: 'bk_1',
    budgetMs: 4_999.5,
  })
  const input = EmailInput.parse({ to: ['b@example.com'], subject: 'Hi', text: 'Hello' })
  try {
    return await emailSend.run(ctx, input)
  } finally {
    await new Promise<void>((resolve) => server.close(resolve))
  }
}

describe('email.send', () => {
  test('hands the message over with the Message-ID of its key (M3)', async () => {
    let mail = ''
    const sent = await sendThrough((stream, _session, done) => {
      stream.on('data', (chunk: Buffer) => (mail += chunk.toString()))
      stream.on('end', () => done())
    })
    expect(sent).toEqual({ id: '<bk_1@example.com>', status: 'accepted' })
    expect(mail).toContain('Message-ID: <bk_1@example.com>')
  })

  test('is unknown when the connection is lost after the 354 (M2)', async () => {
    const sending = sendThrough((stream, _session, _done, cut) => {
      stream.resume()
      stream.on('end', cut)
    })
    await expect(sending).rejects.toMatchObject({ verdict: { kind: 'unknown' } })
  })

  test.each(['b@y.com\r\nBcc: evil@z.com', 'b@y.com,c@z.com', 'B <b@y.com>', 'b'])(
    'refuses the recipient %j (M1)',
    (to) => {
      expect(EmailInput.safeParse({ to: [to], subject: '', text: 'x' }).success).toBe(false)
    },
  )

  test.each([
    [{ responseCode: 451 }, true, 'retry'],
    [{ responseCode: 550 }, false, 'refused'],
    [{ responseCode: 535 }, false, 'auth'],
    [{ code: 'ECONNECTION' }, false, 'retry'],
    [{ code: 'ECONNECTION' }, true, 'unknown'],
  ])('%j, body asked %s, is %s (M2)', (error, isBodyAsked, kind) => {
    expect(classifySmtp(error, isBodyAsked).kind).toBe(kind)
  })

  test('escapes HTML', () =>
    expect(escapeHtml(`<a b="'">&`)).toBe('&lt;a b=&quot;&#39;&quot;&gt;&amp;'))
})
