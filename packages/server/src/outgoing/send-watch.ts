// Tells an exchange when its request is handed to the socket. undici has no hook for that moment,
// but publishes it: `create` while the request is being dispatched, which ties the two together,
// then `sendHeaders` and `bodySent` right before and after the bytes are written.

import { subscribe } from 'node:diagnostics_channel'

export interface Sendable {
  sending(): void
  sent(): void
}

/** Those that wait for their connection; an open one takes a request while it is dispatched. */
const waiting = new WeakMap<object, Sendable>()
let dispatching: Dispatching | null = null

interface Dispatching {
  readonly exchange: Sendable
  request: object | null
  isSent: boolean
}

on('undici:request:create', (request) => {
  if (dispatching !== null) dispatching.request = request
})
on('undici:client:sendHeaders', (request) => exchangeOf(request)?.sending())
on('undici:request:bodySent', (request) => {
  exchangeOf(request)?.sent()
  if (dispatching?.request === request) dispatching.isSent = true
})

const exchangeOf = (request: object): Sendable | undefined =>
  dispatching?.request === request ? dispatching.exchange : waiting.get(request)

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
  const outer = dispatching
  const own: Dispatching = { exchange, request: null, isSent: false }
  dispatching = own
  try {
    dispatch()
  } finally {
    dispatching = outer
    if (own.request !== null && !own.isSent) waiting.set(own.request, exchange)
  }
}
