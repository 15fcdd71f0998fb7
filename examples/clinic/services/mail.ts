// The mail server: takes every mail and keeps it in the practice's database, in place of sending.
//
// A mail that arrives again has the id it had: it is counted, not kept twice.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type pg from 'pg'
import type { SMTPServerSession } from 'smtp-server'
import { SMTPServer } from 'smtp-server'
import { HOST } from '../places.ts'
import { readMail } from './read-mail.ts'

const MAIL_BYTES_MAX = 1_048_576

export interface MailOptions {
  readonly pool: pg.Pool
  readonly port: number
  readonly print: (line: string) => void
}

export interface MailServer extends AsyncDisposable {
  readonly port: number
}

export async function startMail({ pool, port, print }: MailOptions): Promise<MailServer> {
  const server = new SMTPServer({
    banner: 'Harbor Street Clinic',
    size: MAIL_BYTES_MAX,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 500,
    onData(stream, { id, envelope }, done) {
      const receive = async (): Promise<void> => {
        const source = await buffer(stream)
        if (stream.sizeExceeded) throw reply(552, 'The mail is too large')
        print(await store(pool, id, envelope, source.toString('latin1')))
      }
      receive().then(
        () => done(),
        (error: unknown) => done(isReply(error) ? error : reply(451, 'Try again later')),
      )
    },
  })
  const failed = once(server, 'error')
  const listening = new Promise<void>((resolve) => {
    server.listen(port, HOST, resolve)
  })
  await Promise.race([listening, failed.then(([error]) => Promise.reject(error as Error))])
  // A client that breaks off is its own affair.
  server.on('error', () => undefined)
  const { port: actual } = server.server.address() as AddressInfo
  return {
    port: actual,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** The line that says what arrived. */
async function store(
  pool: pg.Pool,
  sessionId: string,
  { mailFrom, rcptTo }: SMTPServerSession['envelope'],
  source: string,
): Promise<string> {
  const { messageId, subject, text } = readMail(source)
  const to = rcptTo.map(({ address }) => address).join(', ')
  const { rows } = await pool.query<{ times_received: number }>(
    `insert into clinic.mails as m (message_id, "from", "to", subject, text)
     values ($1, $2, $3, $4, $5)
     on conflict (message_id) do update set times_received = m.times_received + 1
     returning times_received`,
    [
      messageId ?? `<${sessionId}@no-message-id>`,
      mailFrom === false ? '' : mailFrom.address,
      to,
      subject,
      text,
    ],
  )
  const times = rows[0]?.times_received ?? 1
  return `mail to ${to}: ${subject}${times > 1 ? ` (the same one, ${times} times now)` : ''}`
}

type Reply = Error & { readonly responseCode: number }

const reply = (responseCode: number, message: string): Reply =>
  Object.assign(new Error(message), { responseCode })

const isReply = (error: unknown): error is Reply =>
  error instanceof Error && 'responseCode' in error
