// A language model on this machine, as OpenAI-compatible servers are: it answers what it is told to.

import type { JsonObject } from '@bookend/contract'
import { serveHttp } from '../../outgoing/testing/servers.ts'

type ServerResponse = Parameters<Parameters<typeof serveHttp>[0]>[1]

interface AskedOfModel {
  readonly authorization: string | undefined
  readonly path: string | undefined
  readonly body: {
    readonly model: string
    readonly messages: readonly [{ readonly content: string }, { readonly content: string }]
    readonly response_format: { readonly json_schema: { readonly schema: JsonObject } }
  } & JsonObject
}

/** Leaves the response open, or ends it. */
export type ModelAnswer = (response: ServerResponse, asked: AskedOfModel, count: number) => void

export interface ModelServer extends AsyncDisposable {
  /** What `BOOKEND_MODEL_BASE_URL` is to be. */
  readonly baseUrl: string
  readonly asked: readonly AskedOfModel[]
  answer: ModelAnswer
}

export async function modelServer(answer: ModelAnswer): Promise<ModelServer> {
  const asked: AskedOfModel[] = []
  const http = await serveHttp((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const { authorization } = request.headers
      const body = JSON.parse(text) as AskedOfModel['body']
      const one = { authorization, path: request.url, body }
      asked.push(one)
      server.answer(response, one, asked.length)
    })
  })
  const server: ModelServer = {
    baseUrl: `${http.url.replace(/\/$/, '')}/v1`,
    asked,
    answer,
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }
  return server
}

interface Said {
  readonly content?: string | null
  readonly refusal?: string
  readonly finish?: string
}

/** One completion, of a hundred tokens in and ten out. */
export const saying =
  ({ content = null, refusal, finish = 'stop' }: Said): ModelAnswer =>
  (response, { body }) => {
    const message = { role: 'assistant', content, ...(refusal === undefined ? {} : { refusal }) }
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        model: `${body.model}-2026`,
        choices: [{ index: 0, finish_reason: finish, message }],
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      }),
    )
  }

export const answering = (answer: unknown): ModelAnswer =>
  saying({ content: JSON.stringify({ answer }) })

export const failing =
  (status: number, headers: Readonly<Record<string, string>> = {}): ModelAnswer =>
  (response) => {
    response.writeHead(status, headers).end('{"error":{"message":"no"}}')
  }
