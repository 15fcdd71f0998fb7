import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface FaultProxy extends AsyncDisposable {
  readonly port: number
  /** Connections made so far. */
  readonly accepted: () => number
  /** From now on, nothing passes in either direction; sockets stay open. */
  readonly blackHole: () => void
  /** Lets the next message that contains `text` through and then no answer to it. */
  readonly loseAnswerTo: (text: string) => void
  /** Ends every connection with a reset. */
  readonly reset: () => void
  /** Lets everything through again, for connections made from now on. */
  readonly heal: () => void
  /** Resolves when a message with `text` has passed on its way to the server. */
  readonly passed: (text: string) => Promise<void>
}

/**
 * A TCP port before a server, with faults at the asked moment.
 *
 * @param target The path of the server's socket, or its port on this machine.
 * @param rewrite What the other side hears of an answer, such as another address of the server.
 */
export async function startFaultProxy(
  target: string | number,
  rewrite: (answer: Buffer, port: number) => Buffer = (answer) => answer,
): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const waiting: { readonly text: string; readonly resolve: () => void }[] = []
  let isOpen = true
  let losing: string | null = null
  let accepted = 0
  const server = createServer((near) => {
    accepted += 1
    const far = typeof target === 'string' ? connect(target) : connect(target, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    near.setNoDelay(true)
    let answers = true
    near.on('data', (bytes) => {
      if (!isOpen) return
      const text = bytes.toString('latin1')
      if (losing !== null && text.includes(losing)) answers = false
      far.write(bytes)
      for (const wait of waiting) if (text.includes(wait.text)) wait.resolve()
    })
    far.on('data', (bytes) => isOpen && answers && near.write(rewrite(bytes, port)))
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const reset = (): void => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy()
      far.destroy()
    }
  }
  return {
    port,
    accepted: () => accepted,
    blackHole: () => (isOpen = false),
    loseAnswerTo: (text) => (losing = text),
    reset,
    heal: () => {
      isOpen = true
      losing = null
    },
    passed: (text) => new Promise((resolve) => void waiting.push({ text, resolve })),
    [Symbol.asyncDispose]: async () => {
      reset()
      server.close()
      await once(server, 'close')
    },
  }
}
