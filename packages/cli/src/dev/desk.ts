// The keys of `bookend dev`.

import { loadConversation } from '../call/conversation.ts'
import { simulateCall, type SimulateOptions } from '../call/simulate-call.ts'
import type { Connection } from '../connection.ts'
import { explainError } from '../explain-error.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'

export interface DeskOptions {
  readonly connection: Connection
  /** Where `conversations/` is. */
  readonly folder: string
  readonly io: Io
  readonly signal: AbortSignal
}

const FOLLOW_MS = 15_000
const FROM = '+15550100001'

interface Act {
  readonly does: string
  /** Takes a while, so there is one at a time. */
  readonly isCall?: boolean
  readonly run: () => Promise<void> | void
}

/** @returns Stops listening; nothing is listened for where there are no keys. */
export function openDesk({ connection, folder, io, signal }: DeskOptions): () => void {
  const { client, url } = connection
  const { style } = io
  let isBusy = false

  async function makeCall(from: string, to: string): Promise<void> {
    const conversation = loadConversation(undefined, 'conversations', folder)
    const options: SimulateOptions = {
      from,
      to,
      conversation,
      params: {},
      timeoutMs: FOLLOW_MS,
      json: false,
    }
    await simulateCall(options, connection, io, signal)
  }

  async function firstCall(): Promise<void> {
    const { numbers } = await client.call('listNumbers', { query: { limit: 200 } })
    const answered = numbers.filter(({ agent_id: agent }) => agent !== null)
    const [first] = answered.map(({ number }) => number).toSorted()
    if (first === undefined) io.print('No number has an agent; see: bookend agents')
    else await makeCall(FROM, first)
  }

  async function lastCallAgain(): Promise<void> {
    const { calls } = await client.call('listCalls', { query: { limit: 1 } })
    const [last] = calls
    if (last === undefined) io.print('There is no call yet; make one with the key c')
    else await makeCall(last.from_number, last.to_number)
  }

  async function listWorkflows(): Promise<void> {
    const { workflows } = await client.call('listWorkflows', { query: {} })
    for (const { name, kind, version } of workflows) {
      io.print(`  ${printable(name)}  ${style.dim(`${kind}, ${version ?? ''}`)}`)
    }
    if (workflows.length === 0) io.print('  no workflow yet')
  }

  const acts: Readonly<Record<string, Act>> = {
    c: { does: 'a made-up call', isCall: true, run: firstCall },
    r: { does: 'the last call once more', isCall: true, run: lastCallAgain },
    w: { does: 'the workflows', run: listWorkflows },
    d: { does: 'where the dashboard is', run: () => io.print(`  ${style.underline(url)}`) },
    h: { does: 'the keys', run: () => printKeys() },
    q: { does: 'stop', run: () => void process.kill(process.pid, 'SIGINT') },
  }
  const printKeys = (): void => {
    for (const [key, { does }] of Object.entries(acts)) io.print(`  ${style.bold(key)}  ${does}`)
  }

  async function act({ run, isCall = false }: Act): Promise<void> {
    if (isCall && isBusy) return io.print('The call before is still followed.')
    isBusy ||= isCall
    try {
      await run()
    } catch (error) {
      if (!signal.aborted) for (const line of explainError(error)) io.complain(`bookend: ${line}`)
    } finally {
      if (isCall) isBusy = false
    }
  }

  if (io.onKey === undefined) {
    io.print(style.dim(`calls are listed as they come; make one with: bookend call --url ${url}`))
    return () => undefined
  }
  const names = Object.entries(acts).map(([key, { does }]) => `${style.bold(key)} ${does}`)
  io.print(names.join(style.dim(' · ')))
  return io.onKey((key) => {
    const chosen = Object.hasOwn(acts, key) ? acts[key] : undefined
    if (chosen !== undefined) void act(chosen)
  })
}
