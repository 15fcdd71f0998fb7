// A server with a connected platform, and requests to it as the platform signs them, now.

import type { VoicePlatformId } from '@bookend/contract'
import type { Door } from '@bookend/platforms'
import { signAs } from '@bookend/platforms/testing'
import type { TestServer } from './server.ts'

type Fields = Parameters<typeof signAs>[2]

export interface Sample {
  readonly door: Door
  readonly body: string
  /** Instead of what was signed. */
  readonly sent?: string
  readonly contentType?: string
  readonly method?: string
  readonly at?: Date
  /** Sent instead of what the platform would sign with. */
  readonly headers?: Readonly<Record<string, string>>
  /** Behind the address, such as a query. */
  readonly more?: string
}

/** What an address with a query or token is signed as; the server is told of it by its options. */
export const PUBLIC_BASE = 'https://bookend.example'

export function platformBench(
  server: TestServer,
  platform: VoicePlatformId,
  name: string,
  options: Fields,
) {
  const path = (door: Door, more = '') => `/platforms/${platform}/${name}/${door}${more}`
  return {
    async connect(more: Fields = {}): Promise<Response> {
      return await server.send('/platforms', {
        method: 'POST',
        body: JSON.stringify({ platform, name, options, ...more }),
      })
    },
    async send(sample: Sample): Promise<Response> {
      const { door, body, contentType = 'application/json', more, method = 'POST' } = sample
      const unsigned = {
        door,
        url: PUBLIC_BASE + path(door, more),
        body: Buffer.from(body),
        at: sample.at ?? new Date(),
        contentType,
      }
      const signed = sample.headers ?? signAs(platform, unsigned, options)
      return await fetch(server.url + path(door, more), {
        method,
        headers: { 'content-type': contentType, ...signed },
        ...(method === 'GET' || method === 'OPTIONS' ? {} : { body: sample.sent ?? body }),
      })
    },
  }
}
