import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'

const BODY_BYTES_MAX = 65_536

/** What the desk says when it cannot do what it was asked. */
export class DeskProblem extends Error {
  override readonly name = 'DeskProblem'
  readonly answer: { readonly status: number; readonly body: unknown }

  constructor(status: number, code: string, message: string) {
    super(message)
    this.answer = { status, body: { error: { code, message } } }
  }

  static of(error: z.ZodError): DeskProblem {
    const fields = error.issues.map(
      ({ path, message }) => `${path.join('.') || 'body'}: ${message}`,
    )
    return new DeskProblem(422, 'invalid', fields.join('; '))
  }

  /** Anything else that went wrong is the desk's own fault, and its details stay here. */
  static from(error: unknown): DeskProblem {
    if (error instanceof DeskProblem) return error
    return new DeskProblem(500, 'internal', 'The desk could not do that')
  }
}

/** @throws {DeskProblem} The body is too large, not JSON, or not what the schema asks for. */
export async function readJson<S extends z.ZodType>(
  request: IncomingMessage,
  schema: S,
): Promise<z.output<S>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) {
      throw new DeskProblem(413, 'too_large', `A body has at most ${BODY_BYTES_MAX} bytes`)
    }
    chunks.push(chunk)
  }
  const { success, data, error } = schema.safeParse(parse(Buffer.concat(chunks).toString('utf8')))
  if (!success) throw DeskProblem.of(error)
  return data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DeskProblem(400, 'not_json', 'The body is not JSON')
  }
}
