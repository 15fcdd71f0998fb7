import type { HttpPort, HttpRequest, HttpResult, StopSignal } from '@bookend/core'
import { Stop } from '@bookend/core'
import { fakeClock } from '@bookend/core/testing'
import { expect, test } from 'vitest'
import { RunContext } from './run-context.ts'

const log = { info: () => undefined, warn: () => undefined }
const keys = { key: 'k', subjectKey: 's' }
const account = { name: 'http/desk', connector: {} as never, settings: {}, auth: null }
const request: HttpRequest = { method: 'GET', url: '/', totalMs: 1, maxBodyBytes: 1 }

function open() {
  const clock = fakeClock()
  const seen: (StopSignal | undefined)[] = []
  const outgoing: HttpPort = {
    send({ signal }) {
      seen.push(signal)
      return new Promise<HttpResult>(() => undefined)
    },
  }
  const stop = new Stop()
  const context = new RunContext(
    { clock, outgoing, log },
    account,
    undefined,
    { keys, phases: [] },
    1_000,
    stop,
  )
  return { clock, context, seen, stop }
}

test('an exchange ends with its action, also when the connector passes no signal on (X1)', () => {
  const { context, seen, stop } = open()
  void context.http.send(request)
  expect(seen[0]?.aborted).toBe(false)
  stop.abort()
  expect(seen[0]?.aborted).toBe(true)
})

test('a signal that the connector gives is the one that counts', () => {
  const { context, seen } = open()
  const { signal } = new AbortController()
  void context.http.send({ ...request, signal })
  expect(seen).toEqual([signal])
})

test('a signal is made for the connector that asks for one (X2)', () => {
  const { context, stop } = open()
  expect(stop.isHeard).toBe(false)
  const { signal } = context
  expect(stop.isHeard).toBe(true)
  stop.abort()
  expect(signal.aborted).toBe(true)
})

test('what is left of its time is read when asked, and never below 0', async () => {
  const { clock, context } = open()
  const before = context.remainingMs()
  await clock.advance(400)
  expect(before - context.remainingMs()).toBe(400)
  await clock.advance(5_000)
  expect(context.remainingMs()).toBe(0)
})
