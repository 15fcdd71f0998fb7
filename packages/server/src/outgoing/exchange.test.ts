import { describe, expect, test, vi } from 'vitest'
import type { HttpResult } from '@bookend/core'
import type { Dispatcher } from 'undici'
import { Exchange } from './exchange.ts'
import { get, outcomeOf } from './testing/client.ts'

function started(maxBodyBytes = 10) {
  const results: HttpResult[] = []
  const exchange = new Exchange(get('https://a.example/', { maxBodyBytes }), (result) =>
    results.push(result),
  )
  const carrier = {
    isReused: false,
    completed: vi.fn<() => void>(),
    abandoned: vi.fn<() => void>(),
  }
  const abort = vi.fn<(reason: Error) => void>()
  const controller: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    rawHeaders: [],
    abort,
    pause: () => undefined,
    resume: () => undefined,
  }
  exchange.begin(carrier)
  exchange.onRequestStart(controller)
  exchange.sending()
  exchange.sent()
  return { exchange, results, carrier, controller, abort, outcomes: () => results.map(outcomeOf) }
}

describe('an exchange', () => {
  test('is answered once, whatever comes after (E1)', () => {
    const { exchange, controller, carrier, outcomes } = started()
    exchange.fail('timeout')
    exchange.fail('connection_reset')
    exchange.onResponseStart(controller, 200)
    exchange.onResponseData(controller, Buffer.from('late'))
    exchange.onResponseEnd()
    exchange.onResponseError(controller, new Error('late'))
    exchange.handleEvent()
    expect(outcomes()).toEqual(['timeout, sent'])
    expect(carrier.abandoned).toHaveBeenCalledOnce()
    expect(carrier.completed).not.toHaveBeenCalled()
  })

  test('answers before anything is taken down (E1)', () => {
    const { exchange, carrier, results } = started()
    carrier.abandoned.mockImplementation(() => expect(results).toHaveLength(1))
    exchange.fail('timeout')
    expect(carrier.abandoned).toHaveBeenCalledOnce()
  })

  test.each<[string, (exchange: Exchange, controller: Dispatcher.DispatchController) => void]>([
    [
      'a body',
      (exchange, controller) => {
        exchange.onResponseStart(controller, 200)
        exchange.onResponseData(controller, Buffer.alloc(11))
      },
    ],
    ['a redirect', (exchange, controller) => exchange.onResponseStart(controller, 302)],
    [
      'informational responses',
      (exchange, controller) => {
        for (let count = 0; count < 9; count += 1) exchange.onResponseStart(controller, 103)
      },
    ],
  ])('is cut where the limit is seen: %s (E3)', (_what, exceed) => {
    const { exchange, controller, abort, carrier } = started()
    exceed(exchange, controller)
    expect(abort).toHaveBeenCalledOnce()
    expect(carrier.abandoned).toHaveBeenCalledOnce()
  })

  test('gives its connection back before it is answered with a body', () => {
    const { exchange, controller, carrier, outcomes } = started()
    exchange.onResponseStart(controller, 200)
    exchange.onResponseData(controller, Buffer.from('12345'))
    exchange.onResponseData(controller, Buffer.from('67890'))
    exchange.onResponseEnd()
    expect(carrier.completed).toHaveBeenCalledOnce()
    expect(outcomes()).toEqual(['answered 200'])
  })
})
