// What a server says of itself to anybody, and whether the world can reach it.

import { unreachable } from '../connection.ts'
import { explainError } from '../explain-error.ts'
import { judge, type Finding } from './finding.ts'

const PROBE_WITHIN_MS = 5_000
/** Signatures are good for five minutes; a platform's clock is not this one's either. */
const SKEW_BAD_MS = 120_000
const SKEW_NOTE_MS = 5_000

interface Answer {
  readonly status: number
  readonly body: string
  /** The server's clock, to the second; null where it did not say. */
  readonly at: Date | null
}

async function ask(address: string): Promise<Answer> {
  // The address is the one this person names for their own server.
  // oxlint-disable-next-line no-restricted-globals
  const answer = await fetch(address, { signal: AbortSignal.timeout(PROBE_WITHIN_MS) })
  const date = answer.headers.get('date')
  return {
    status: answer.status,
    body: (await answer.text()).slice(0, 500),
    at: date === null ? null : new Date(date),
  }
}

/** Whether it is there, and by its clock what time it is; only the first where it is not. */
export async function checkServer(url: string): Promise<readonly [Finding, ...Finding[]]> {
  try {
    const { status, body, at } = await ask(`${url}/healthz`)
    const isOk = status === 200
    const server = judge('server', isOk, isOk ? `yes, ${url}` : `answered ${status}: ${body}`)
    return at === null || !isOk ? [server] : [server, judgeClock(at, new Date())]
  } catch (error) {
    return [judge('server', false, explainError(unreachable(url, error)).join('. '))]
  }
}

export function judgeClock(theirs: Date, ours: Date): Finding {
  // The header is cut to the second.
  const aheadMs = theirs.getTime() - Math.floor(ours.getTime() / 1_000) * 1_000
  const apartMs = Math.abs(aheadMs)
  const seconds = Math.round(apartMs / 1_000)
  const where = aheadMs > 0 ? 'ahead of' : 'behind'
  const said =
    apartMs < SKEW_NOTE_MS
      ? 'the server and this machine agree'
      : `the server is ${seconds} s ${where} this machine; set both by NTP, signatures depend on it`
  return {
    name: 'clock',
    state: apartMs < SKEW_NOTE_MS ? 'ok' : apartMs < SKEW_BAD_MS ? 'note' : 'bad',
    said,
  }
}

const PARTS = {
  database: ['answers, migrated', 'does not answer, or is not migrated; see: bookend migrate'],
  engine: ['runs journeys', 'does not run journeys yet'],
  accepting: ['takes work', 'is stopping: it takes nothing new'],
} as const

/** Each part that the server says is ready, or is not. */
export async function checkReady(url: string): Promise<Finding[]> {
  try {
    const { status, body } = await ask(`${url}/readyz`)
    const told = JSON.parse(body) as Readonly<Record<string, unknown>>
    const parts = Object.entries(PARTS).filter(([name]) => typeof told[name] === 'boolean')
    if (parts.length === 0) return [judge('ready', status === 200, `answered ${status}`)]
    return parts.map(([name, [yes, no]]) => {
      return judge(name, told[name] === true, told[name] === true ? yes : no)
    })
  } catch (error) {
    return [judge('ready', false, explainError(error).join('. '))]
  }
}

/** By the address that others are told; null: nobody is told one. */
export async function checkReach(publicUrl: string | undefined): Promise<Finding> {
  if (publicUrl === undefined) {
    const said = 'BOOKEND_PUBLIC_URL is not set here: platforms elsewhere are told no address'
    return { name: 'reach', state: 'note', said }
  }
  const url = publicUrl.replace(/\/+$/, '')
  try {
    const { status } = await ask(`${url}/healthz`)
    return judge('reach', status === 200, `${url} answered ${status}`)
  } catch (error) {
    return judge('reach', false, explainError(unreachable(url, error)).join('. '))
  }
}
