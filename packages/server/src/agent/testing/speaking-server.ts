// A language model on this machine that streams, as OpenAI-compatible servers do: it says what a test
// tells it to, and pauses where it is told to.

import { serveHttp } from '../../outgoing/testing/servers.ts'

type ServerResponse = Parameters<Parameters<typeof serveHttp>[0]>[1]

interface AskedToSpeak {
  readonly authorization: string | undefined
  readonly messages: readonly {
    readonly role: string
    readonly content?: unknown
    readonly tool_calls?: unknown
  }[]
  readonly tools: readonly { readonly function: { readonly name: string } }[]
}

/** Writes the answer; may leave it open. */
export type Saying = (answer: SpokenAnswer, asked: AskedToSpeak) => void | Promise<void>

export interface SpeakingServer extends AsyncDisposable {
  readonly baseUrl: string
  readonly asked: readonly AskedToSpeak[]
  /** Answers that were cut off by whoever asked. */
  readonly cut: number
  say: Saying
}

class SpokenAnswer {
  readonly #response: ServerResponse
  constructor(response: ServerResponse) {
    this.#response = response
  }

  token(text: string): this {
    return this.#chunk({ content: text }, null)
  }

  call(name: string, input: unknown, id = `call_${name}`): this {
    const text = typeof input === 'string' ? input : JSON.stringify(input)
    const call = { index: 0, id, type: 'function', function: { name, arguments: text } }
    return this.#chunk({ tool_calls: [call] }, null)
  }

  end(reason = 'stop'): void {
    this.#chunk({}, reason)
    this.#response.end('data: [DONE]\n\n')
  }

  fail(status: number): void {
    this.#response.writeHead(status, { 'content-type': 'application/json' })
    this.#response.end('{"error":{"message":"no"}}')
  }

  /** Breaks off without an end. */
  cut(): void {
    this.#response.destroy()
  }

  #chunk(delta: object, reason: string | null): this {
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, { 'content-type': 'text/event-stream' })
    }
    const choices = [{ index: 0, delta, finish_reason: reason }]
    const chunk = { id: 'c', object: 'chat.completion.chunk', created: 0, model: 'small', choices }
    this.#response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    return this
  }
}

export async function speakingServer(say: Saying): Promise<SpeakingServer> {
  const asked: AskedToSpeak[] = []
  let cut = 0
  const http = await serveHttp((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    response.on('close', () => {
      if (!response.writableFinished) cut += 1
    })
    request.on('end', () => {
      const { messages, tools = [] } = JSON.parse(text) as Partial<AskedToSpeak>
      const { authorization } = request.headers
      const one = { messages: messages ?? [], tools, authorization }
      asked.push(one)
      void server.say(new SpokenAnswer(response), one)
    })
  })
  const server: SpeakingServer = {
    baseUrl: `${http.url.replace(/\/$/, '')}/v1`,
    asked,
    get cut() {
      return cut
    },
    say,
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }
  return server
}

/** Words, one token each. */
export const speaking =
  (text: string): Saying =>
  (answer) => {
    for (const token of text.split(/(?<= )/)) answer.token(token)
    answer.end()
  }
