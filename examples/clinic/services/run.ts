// Everything beside Bookend that the clinic needs, in one process.
//
//   practice database ─▶ ticket desk ─▶ mail server ─▶ Bookend set up ─▶ `clinic ready` ─▶ until the end
//
// Whatever was opened is closed in reverse, also when a later part fails.

import { ApiError, createClient } from '@bookend/sdk/client'
import { startDesk } from './desk.ts'
import type { ServicesConfig } from './env.ts'
import { startMail } from './mail.ts'
import { withPatience } from './patience.ts'
import { applyPractice, openPractice, readSetting, writeSetting } from './practice.ts'
import { SEED } from './seed.ts'
import { setUp } from './set-up.ts'

/** Returns when the signal is aborted and everything is closed. */
export async function runServices(
  config: ServicesConfig,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const pool = openPractice(config.databaseUrl)
  const opened: AsyncDisposable[] = [{ [Symbol.asyncDispose]: () => pool.end() }]
  try {
    const state = await applyPractice(pool, new Date())
    print(`practice ${state}${state === 'seeded' ? ` with ${SEED.length} patients` : ''}`)

    const desk = await startDesk({ pool, port: config.deskPort, token: config.deskToken })
    opened.push(desk)
    print(`ticket desk ${desk.url}`)

    const mail = await startMail({ pool, port: config.mailPort, print })
    opened.push(mail)
    print(`mail server 127.0.0.1:${mail.port}`)

    const client = createClient({ baseUrl: config.bookendUrl, key: config.apiKey })
    const settings = {
      read: (name: string) => readSetting(pool, name),
      write: (name: string, value: string) => writeSetting(pool, name, value),
    }
    await withPatience(() => setUp(client, settings, print), {
      signal,
      // What is no answer of the API is a connection that could not be made.
      isWorthRetrying: (error) => (error instanceof ApiError ? error.retryable : isNetwork(error)),
    })
    print('clinic ready')
    await ended(signal)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    for (const resource of opened.reverse()) await resource[Symbol.asyncDispose]()
  }
}

const isNetwork = (error: unknown): boolean =>
  error instanceof TypeError && error.message === 'fetch failed'

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
