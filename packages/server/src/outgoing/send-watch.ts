// Tells an exchange when its request is handed to the socket. undici has no hook for that moment,
// but publishes it: `create` while the request is being dispatched, which ties the two together,
// then `sendHeaders` and `bodySent` right before and after the bytes are written.

import { subscribe } from 'node:diagnostics_channel'

export interface Sendable {
  sending(): void
  sent(): void
}

const exchangeOf = new WeakMap<object, Sendable>()
let dispatching: Sendable | null = null

on('undici:request:create', (request) => {
  if (dispatching !== null) exchangeOf.set(request, dispatching)
})
on('undici:client:sendHeaders', (request) => exchangeOf.get(request)?.sending())
on('undici:request:bodySent', (request) => exchangeOf.get(request)?.sent())

/** Requests of others in the process, such as the built-in `fetch`, are nobody's here. */
function on(channel: string, listener: (request: object) => void): void {
  subscribe(channel, (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return
    const { request } = message
    if (typeof request === 'object' && request !== null) listener(request)
  })
}

/** Runs `dispatch`, in which undici creates the request that belongs to `exchange`. */
export function watchSend(exchange: Sendable, dispatch: () => void): void {
  dispatching = exchange
  try {
    dispatch()
  } finally {
    dispatching = null
  }
}
