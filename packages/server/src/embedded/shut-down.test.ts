import { describe, expect, test } from 'vitest'
import { settlesWithin, shutDown } from './shut-down.ts'

/** A server that ends at the given signal; remembers what it was sent and how long it was given. */
function serverEndingAt(last: NodeJS.Signals | undefined) {
  const sent: NodeJS.Signals[] = []
  const patience: number[] = []
  return {
    sent,
    patience,
    send: (signal: NodeJS.Signals) => void sent.push(signal),
    goneWithin: (patienceMs: number) => {
      patience.push(patienceMs)
      return Promise.resolve(sent.at(-1) === last)
    },
  }
}

describe('shutting a server down', () => {
  test('asks politely, and no further when that is enough', async () => {
    const server = serverEndingAt('SIGINT')
    expect(await shutDown(server)).toBe(true)
    expect(server.sent).toEqual(['SIGINT'])
  })

  test('insists after five seconds', async () => {
    const server = serverEndingAt('SIGQUIT')
    expect(await shutDown(server)).toBe(true)
    expect(server.sent).toEqual(['SIGINT', 'SIGQUIT'])
    expect(server.patience[0]).toBe(5_000)
  })

  test('kills a server that is stopped or stuck, and says so when even that fails', async () => {
    expect(await shutDown(serverEndingAt('SIGKILL'))).toBe(true)
    const undying = serverEndingAt(undefined)
    expect(await shutDown(undying)).toBe(false)
    expect(undying.sent).toEqual(['SIGINT', 'SIGQUIT', 'SIGKILL'])
  })
})

describe('waiting for an end', () => {
  test('tells whether it came in time', async () => {
    expect(await settlesWithin(Promise.resolve(), 60_000)).toBe(true)
    expect(await settlesWithin(new Promise(() => undefined), 1)).toBe(false)
  })
})
