// The typed API client: every route of the contract's table, by its name.
//
//   const bookend = createClient({ baseUrl, key })
//   const { agents } = await bookend.call('listAgents', { query: { limit: 20 } })

import type { Problem, RouteAnswer, RouteInput, RouteName } from '@bookend/contract'
import { routes } from '@bookend/contract'
import { BookendError } from '@bookend/core/error'

/** The server refused a request, or could not be understood; `problem` is what it said. */
export class ApiError extends BookendError {
  override readonly name = 'ApiError'
  readonly code: string
  readonly retryable: boolean
  readonly status: number
  readonly problem: Problem | null

  constructor(status: number, problem: Problem | null) {
    const fields = problem?.errors?.map(({ path, message }) => `${path}: ${message}`) ?? []
    super([problem?.detail ?? `The server answered ${status}`, ...fields].join('; '))
    this.status = status
    this.problem = problem
    this.code = problem?.code ?? 'unreadable_answer'
    this.retryable = status === 429 || status >= 500
  }
}

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
}

interface LooseInput {
  params?: Record<string, string>
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
}

export function createClient({ baseUrl, key, fetch = globalThis.fetch }: ClientOptions): Client {
  return {
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

async function readProblem(answer: Response): Promise<Problem | null> {
  try {
    const body: unknown = await answer.json()
    return typeof body === 'object' && body !== null && 'code' in body ? (body as Problem) : null
  } catch {
    return null
  }
}
