// One conversation with the relay, inside what is left of the step.
//
// T1. At its end the connection is closed, so that nothing goes out after the step was answered.
// T3. The relay is dialled by the guard of outgoing connections, and verified whatever the environment
//     says; without TLS it is on this machine or its network.
// T2. No body is logged: only the relay's replies are looked at.

import type { ActionContext } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { createTransport } from 'nodemailer'
import { classifySmtp } from './classify.ts'
import { openSocket } from './open-socket.ts'
import type { SmtpAuth, SmtpSettings } from './schema.ts'

export type Context = ActionContext<SmtpSettings, SmtpAuth>
export type Transport = ReturnType<typeof open>

export interface Conversation {
  readonly transport: Transport
  /** Ends it early: a deadline, or the step was given up on. */
  readonly signal: AbortSignal
}

/** @throws {ConnectorFault} Whatever the relay or the network did. */
export async function converse<T>(
  ctx: Context,
  timeoutMs: number,
  talk: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  // Whole milliseconds: a timer of the platform takes no fractions.
  const limitMs = Math.ceil(Math.min(timeoutMs, Math.max(1, ctx.remainingMs())))
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(limitMs)])
  let isBodyAsked = false
  const transport = open(ctx, { limitMs, signal }, (reply) => {
    if (reply.startsWith('354')) isBodyAsked = true
  })
  try {
    return await orAborted(talk({ transport, signal }), signal)
  } catch (error) {
    if (error instanceof ConnectorFault) throw error
    throw new ConnectorFault(classifySmtp(error, isBodyAsked), { cause: nameOf(error) })
  } finally {
    transport.close()
  }
}

interface Limits {
  readonly limitMs: number
  readonly signal: AbortSignal
}

function open(
  { settings, auth, reach }: Context,
  { limitMs, signal }: Limits,
  heard: (reply: string) => void,
) {
  const { host, port, security, tls_ca: ca } = settings
  const isPlain = security === 'none'
  // Shorter than the whole, so that a dead host reads as not sent.
  const connectMs = Math.ceil(limitMs / 3)
  const note = (entry: unknown, message: unknown): void => {
    const isServer = typeof entry === 'object' && entry !== null && 'tnx' in entry
    if (isServer && entry.tnx === 'server') heard(String(message))
  }
  const ignore = (): void => {}
  return createTransport({
    host,
    port,
    getSocket: (_options, done) => {
      openSocket({ host, port, isPlain, reach, signal, withinMs: connectMs }).then(
        (connection) => done(null, { connection }),
        (error: Error) => done(error),
      )
    },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: isPlain,
    tls: {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
    },
    ...(auth === null ? {} : { auth: { user: auth.user, pass: auth.password } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: limitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
    logger: {
      level: ignore,
      trace: note,
      debug: note,
      info: note,
      warn: ignore,
      error: ignore,
      fatal: ignore,
    },
  })
}

/** For what the library does not stop by itself. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(new Error('aborted'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** An error of the library holds the relay's words, and they may hold an address. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
