// The typed API client: every route of the contract's table, by its name.
//
//   const bookend = createClient({ baseUrl, key })
//   const { agents } = await bookend.call('listAgents', { query: { limit: 20 } })

import type { RouteAnswer, RouteInput, RouteName, TalkEvent } from '@bookend/contract'
import { routes } from '@bookend/contract'
import { ApiError, readProblem } from './api-error.ts'
import { sayOnCall, type Sentence } from './say.ts'

export { ApiError } from './api-error.ts'

export interface ClientOptions {
  /** Where the server is, such as `http://127.0.0.1:4400`; the API lies below it at `/api/v1`. */
  readonly baseUrl: string
  /** An API key. Absent in a browser, where the session cookie speaks. */
  readonly key?: string
  readonly fetch?: typeof globalThis.fetch
}

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

export interface Client {
  /** @throws {ApiError} The answer was not a success. Network faults are thrown as `fetch` gives them. */
  call<N extends RouteName>(
    name: N,
    input: RouteInput<N>,
    options?: CallOptions,
  ): Promise<RouteAnswer<N>>
  /**
   * Says something on a call in writing, and gives what the agent answers as it comes. It ends after
   * `done`; an answer that breaks off has none. Whoever stops listening interrupts the agent.
   *
   * @throws {ApiError} Nothing can be said on this call. Network faults are thrown as `fetch` gives them.
   */
  say(sentence: Sentence): AsyncIterable<TalkEvent>
}

interface LooseInput {
  params?: Record<string, string>
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
}

export function createClient({ baseUrl, key, fetch = globalThis.fetch }: ClientOptions): Client {
  const at = { baseUrl, fetch, ...(key === undefined ? {} : { key }) }
  return {
    say: (sentence) => sayOnCall(at, sentence),
    async call(name, input, { signal, headers = {} } = {}) {
      const { method, path } = routes[name]
      const { params = {}, query = {}, body } = input as LooseInput
      const url = new URL(`api/v1${fill(path, params)}`, baseUrl.replace(/\/*$/, '/'))
      for (const [field, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(field, String(value))
      }
      const answer = await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
      if (!answer.ok) throw new ApiError(answer.status, await readProblem(answer))
      return (answer.status === 204 ? undefined : await answer.json()) as RouteAnswer<typeof name>
    },
  }
}

const fill = (path: string, params: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
