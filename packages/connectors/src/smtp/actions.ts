// Sends one email through a relay.
//
// M1. Addresses, names and subject are checked before the library sees them.
// M2. A connection lost after the server's 354 may have delivered: `unknown`, never `retry`.
// M3. The Message-ID is made of the key, so every try of one effect carries the same.

import type { ActionContext, FaultVerdict } from '@bookend/core'
import { ConnectorFault, action } from '@bookend/core'
import { createTransport } from 'nodemailer'
import { EmailInput, Sent } from './schema.ts'
import type { SmtpAuth, SmtpSettings } from './schema.ts'

const TIMEOUT_MS = 20_000
const GREYLISTED_MS = 300_000

export const emailSend = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: EmailInput,
  output: Sent,
  timeoutMs: TIMEOUT_MS,
  preview: () => ({ id: 'dry_email', status: 'accepted' as const }),
  run: async (ctx: ActionContext<SmtpSettings, SmtpAuth>, input) => {
    const { settings, auth } = ctx
    // Whole milliseconds: a timer of the platform takes no fractions.
    const limitMs = Math.ceil(Math.min(TIMEOUT_MS, Math.max(1, ctx.remainingMs())))
    const end = AbortSignal.any([ctx.signal, AbortSignal.timeout(limitMs)])
    const messageId = `<${ctx.key}@${settings.from.split('@')[1] ?? ''}>`
    let isBodyAsked = false
    const note = (entry: unknown, message: unknown): void => {
      const isServer = typeof entry === 'object' && entry !== null && 'tnx' in entry
      if (isServer && entry.tnx === 'server' && String(message).startsWith('354')) {
        isBodyAsked = true
      }
    }
    const ignore = (): void => {}
    const transport = createTransport({
      host: settings.host,
      port: settings.port,
      secure: settings.security === 'tls',
      requireTLS: settings.security === 'starttls',
      ignoreTLS: settings.security === 'none',
      ...(auth === null ? {} : { auth: { user: auth.user, pass: auth.password } }),
      // Shorter than the whole, so that a dead host reads as not sent.
      connectionTimeout: Math.ceil(limitMs / 3),
      greetingTimeout: Math.ceil(limitMs / 3),
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
    const sending = transport.sendMail({
      from: { name: settings.from_name, address: settings.from },
      to: input.to.map((address) => ({ name: '', address })),
      subject: input.subject,
      text: input.text,
      ...(input.html === undefined ? {} : { html: input.html }),
      messageId,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    try {
      await orAborted(sending, end)
      return { id: messageId, status: 'accepted' as const }
    } catch (error) {
      // The library cannot be stopped: after an abort the message may still go out.
      throw new ConnectorFault(classifySmtp(error, isBodyAsked || end.aborted))
    } finally {
      transport.close()
    }
  },
})

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(new Error('aborted'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The server's reply decides; without one, whether it had asked for the body (M2). */
export function classifySmtp(error: unknown, isBodyAsked: boolean): FaultVerdict {
  const fields: Record<string, unknown> =
    typeof error === 'object' && error !== null ? { ...error } : {}
  const reply = typeof fields['responseCode'] === 'number' ? fields['responseCode'] : 0
  const detail = `smtp_${reply}`
  if (reply === 530 || reply === 535) return { kind: 'auth', detail }
  if (reply >= 500) return { kind: 'refused', detail }
  if (reply >= 400) return { kind: 'retry', detail, afterMs: GREYLISTED_MS }
  if (isBodyAsked) return { kind: 'unknown', detail: 'lost_after_data' }
  if (fields['code'] === 'EAUTH') return { kind: 'auth', detail: 'auth' }
  return { kind: 'retry', detail: 'not_sent' }
}
