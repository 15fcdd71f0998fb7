// The API in memory, behind a `fetch` of its own: enough of it to look at every screen.
//
// Answers go through the contract's routes, so a path or a method that does not exist is a failure
// and not a silent success.

import {
  type Agent,
  type Overview,
  type Pause,
  type PhoneNumber,
  problems,
  type ProblemCode,
  type RouteName,
  routes,
  streamList,
  type streamRoutes,
  type Session,
  type Subscription,
  type Workflow,
} from '@bookend/contract'
import type { Scene } from './scenes.ts'

export interface FakeState {
  session: Session | null
  scenes: readonly Scene[]
  agents: Agent[]
  workflows: Workflow[]
  numbers: PhoneNumber[]
  webhooks: Subscription[]
  pauses: Pause[]
  overview: Overview
}

/** Every route, and the streams of the API; a browser opens those it only reads by itself. */
export type FakeRoute = RouteName | keyof typeof streamRoutes

interface FakeRequest {
  name: FakeRoute
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
  headers: Headers
}

export type FakeHandler = (request: FakeRequest) => Response | Promise<Response>

export interface FakeApi {
  fetch: typeof globalThis.fetch
  /** What was asked, in order. */
  asked: FakeRequest[]
  /** Answers a route differently from now on. */
  answer: (name: FakeRoute, handler: FakeHandler) => void
}

const all = [
  ...Object.entries(routes).map(([name, { method, path }]) => ({ name, method, path })),
  ...streamList.map(({ name, method = 'GET', path }) => ({ name, method, path })),
]
const patterns = all.map(({ name, method, path }) => ({
  name: name as FakeRoute,
  method,
  pattern: new RegExp(`^/api/v1${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}))

export const ok = (body: unknown, status = 200): Response => Response.json(body, { status })

export function refuse(
  code: ProblemCode,
  detail: string,
  errors?: { path: string; message: string }[],
): Response {
  const { status, title } = problems[code]
  const problem = {
    type: `urn:bookend:${code}`,
    title,
    status,
    detail,
    code,
    request_id: 'req_71c2',
  }
  return Response.json({ ...problem, ...(errors && { errors }) }, { status })
}

export function createFakeApi(handlers: Partial<Record<FakeRoute, FakeHandler>>): FakeApi {
  const known = new Map(Object.entries(handlers))
  const asked: FakeRequest[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    for (const { name, method, pattern } of patterns) {
      const match = method === request.method ? pattern.exec(url.pathname) : null
      // `/calls/find_by_attribute` also looks like `/calls/{id}`; the table lists it first.
      if (match === null) continue
      const text = await request.text()
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      const { headers } = request
      const heard = { name, params: { ...match.groups }, query: url.searchParams, body, headers }
      asked.push(heard)
      const handler = known.get(name)
      return handler === undefined ? refuse('not_found', `No fake for ${name}`) : handler(heard)
    }
    return refuse('not_found', `No route ${request.method} ${url.pathname}`)
  }
  return { fetch, asked, answer: (name, handler) => known.set(name, handler) }
}
