// A real Chromium, and all that went wrong in its pages: errors, refused requests, broken policies.
//
// C1. A page that leaves while a stream is open aborts the stream; that alone is no failure.

import { execFileSync } from 'node:child_process'
import { chromium, type Browser, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** Null when this machine has none. */
export function findChromium(): string | null {
  const named = process.env['BOOKEND_CHROMIUM']
  if (named !== undefined && named !== '') return named
  for (const name of NAMES) {
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    } catch {
      // The next name, then.
    }
  }
  return null
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  readonly faults: readonly string[]
}

export const openBrowser = (executablePath: string): Promise<Browser> =>
  // As root Chromium starts without its sandbox or not at all; the only site it sees is ours.
  chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })

export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1_280, height: 800 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(`${message.type()}: ${message.text()} (${message.location().url})`)
    }
  })
  page.on('pageerror', (error) => faults.push(`thrown: ${String(error)}`))
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // Who leaves a page no longer waits for what it was reading.
    const isLeft = request.method() === 'GET' && why === 'net::ERR_ABORTED'
    if (!isLeft) faults.push(`failed: ${request.method()} ${request.url()} ${why}`)
  })
  page.setDefaultTimeout(15_000)
  return { page, faults, [Symbol.asyncDispose]: () => context.close() }
}
