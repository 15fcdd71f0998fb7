import { ConnectorFault } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { testContext } from '../testing/context.ts'
import { smtp } from './index.ts'
import { SmtpSettings } from './schema.ts'
import { type Script, openRelay, openScriptedRelay } from './testing/relay.ts'

const email = smtp.actions['email.send']
const PASSWORD = 'canary-password-1'

interface Given {
  readonly port: number
  readonly security?: 'none' | 'starttls'
  readonly budgetMs?: number
  readonly password?: string
}

const contextFor = ({ port, security = 'none', budgetMs = 5_000, password }: Given) =>
  testContext({
    settings: SmtpSettings.parse({ host: '127.0.0.1', port, security, from: 'a@example.com' }),
    auth: password === undefined ? null : { user: 'bookend', password },
    client: undefined,
    key: 'bk_1',
    budgetMs,
  })

const send = (given: Given, more: object = {}) =>
  email.run(
    contextFor(given),
    email.input.parse({ to: ['b@example.com'], subject: 'Hi', text: 'Hello', ...more }),
  )

async function verdictOf(work: Promise<unknown>): Promise<ConnectorFault['verdict'] | null> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConnectorFault)
  expect(String((error as Error).stack) + String((error as Error).cause)).not.toContain(PASSWORD)
  return error instanceof ConnectorFault ? error.verdict : null
}

describe('an email', () => {
  test('is handed over with the Message-ID of its key (M3)', async () => {
    await using relay = await openRelay()
    expect(await send(relay)).toEqual({
      id: '<bk_1@example.com>',
      status: 'accepted',
      rejected: [],
    })
    await send(relay)
    const ids = relay.mails.map((mail) => /^Message-ID: (.*)\r$/m.exec(mail)?.[1])
    expect(ids).toEqual(['<bk_1@example.com>', '<bk_1@example.com>'])
    expect(relay.mails[0]).toContain('Auto-Submitted: auto-generated')
  })

  test('says how to stop what is sent to many', async () => {
    await using relay = await openRelay()
    const unsubscribe = { url: 'https://example.com/u?t=1', mailto: 'stop@example.com' }
    await send(relay, { unsubscribe, reply_to: 'help@example.com' })
    const [mail = ''] = relay.mails
    expect(mail.replaceAll(/\r\n /g, ' ')).toContain(
      'List-Unsubscribe: <https://example.com/u?t=1>, <mailto:stop@example.com>',
    )
    expect(mail).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    expect(mail).toContain('Reply-To: help@example.com')
  })

  test('goes to those whom the relay takes, and tells of the others', async () => {
    await using relay = await openRelay({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('no') ? new Error('unknown') : null),
    })
    const sent = await send(relay, { to: ['b@example.com', 'no@example.com'] })
    expect(sent.rejected).toEqual(['no@example.com'])
    expect(relay.mails).toHaveLength(1)
  })

  test('is not sent where the certificate is not trusted', async () => {
    await using relay = await openRelay({ disabledCommands: [] })
    const verdict = await verdictOf(send({ ...relay, security: 'starttls' }))
    expect(verdict).toEqual({ kind: 'refused', detail: 'tls_error' })
    expect(relay.mails).toEqual([])
  })

  test('is not sent in clear to a relay without STARTTLS', async () => {
    await using relay = await openRelay()
    expect(await verdictOf(send({ ...relay, security: 'starttls' }))).toMatchObject({
      kind: expect.stringMatching(/^(retry|refused)$/),
    })
    expect(relay.mails).toEqual([])
  })

  test('is no business of a credential that is refused', async () => {
    await using relay = await openRelay({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) =>
        password === 'right'
          ? done(null, { user: 'bookend' })
          : done(Object.assign(new Error('no'), { responseCode: 535 })),
    })
    const bad = { ...relay, password: PASSWORD }
    expect(await verdictOf(send(bad))).toEqual({ kind: 'auth', detail: 'smtp_535' })
    expect(await verdictOf(smtp.check?.(contextFor(bad)) ?? Promise.resolve())).toMatchObject({
      kind: 'auth',
    })
    const good = { ...relay, password: 'right' }
    expect(await send(good)).toMatchObject({ status: 'accepted' })
    expect(await smtp.check?.(contextFor(good))).toEqual({
      account: 'bookend at 127.0.0.1',
      warnings: [],
    })
  })
})

describe('a relay that fails', () => {
  test.each([
    [{ at: 'connect', isLost: true }, 'retry'],
    [{ at: 'greeting', isLost: true }, 'retry'],
    [{ at: 'EHLO', isLost: true }, 'retry'],
    [{ at: 'MAIL', isLost: true }, 'retry'],
    [{ at: 'RCPT', isLost: true }, 'retry'],
    [{ at: 'DATA', isLost: true }, 'retry'],
    [{ at: 'dot', isLost: true }, 'unknown'],
    [{ at: 'greeting', reply: '421 too busy' }, 'retry'],
    [{ at: 'RCPT', reply: '451 greylisted' }, 'retry'],
    [{ at: 'RCPT', reply: '550 who is that' }, 'refused'],
    [{ at: 'MAIL', reply: '530 sign in first' }, 'auth'],
    [{ at: 'DATA', reply: '554 no' }, 'refused'],
    [{ at: 'dot', reply: '452 no room' }, 'retry'],
    [{ at: 'dot', reply: '552 too big' }, 'refused'],
  ] satisfies [Script, string][])('%j is %s (M2)', async (script, kind) => {
    await using relay = await openScriptedRelay(script)
    expect(await verdictOf(send(relay))).toMatchObject({ kind })
  })

  test.each([
    ['connect', 'retry'],
    ['greeting', 'retry'],
    ['EHLO', 'retry'],
    ['MAIL', 'retry'],
    ['RCPT', 'retry'],
    ['DATA', 'retry'],
    ['dot', 'unknown'],
  ] satisfies [Script['at'], string][])(
    'by silence at %s is %s, in time (K3, M2)',
    async (at, kind) => {
      await using relay = await openScriptedRelay({ at })
      const startedAtMs = performance.now()
      expect(await verdictOf(send({ ...relay, budgetMs: 300 }))).toMatchObject({ kind })
      expect(performance.now() - startedAtMs).toBeLessThan(3_000)
    },
  )

  test('sends nothing after the step was answered', async () => {
    await using relay = await openScriptedRelay({ at: 'RCPT' })
    await verdictOf(send({ ...relay, budgetMs: 100 }))
    // The relay says at last what it kept back; nobody is there to hear it.
    expect(relay.mails).toEqual([])
  })
})

describe('a dry run', () => {
  test('shows the mail and no credential (K13)', () => {
    const { settings, key } = contextFor({ port: 25 })
    const input = email.input.parse({ to: ['b@example.com'], subject: 'Hi', text: 'Hello' })
    expect('render' in email && email.render?.(settings, input, key)).toMatchObject({
      to: [{ address: 'b@example.com' }],
      messageId: '<bk_1@example.com>',
    })
    expect('preview' in email && email.output.parse(email.preview(input))).toBeTruthy()
  })
})
