import { readdirSync, readFileSync } from 'node:fs'
import type { AdapterReply, Door, RawAnswer, RawRequest } from '../adapter.ts'
import type { PlatformId, PreCallResult } from '../neutral.ts'
import type { Fields } from '../read/fields.ts'

/** A request as it is in a fixture: the body is its exact text. */
export interface FixtureRequest {
  readonly door: Door
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly received_at: string
}

export interface Expectation {
  readonly verification?: 'accept' | 'reject'
  readonly request?: Fields
  readonly events?: readonly Fields[]
  readonly reply?: Partial<AdapterReply>
}

interface FixtureReply {
  readonly name: string
  readonly options?: Fields
  readonly request_headers?: Readonly<Record<string, string>>
  readonly result: PreCallResult
  readonly reply: Pick<AdapterReply, 'status' | 'headers' | 'body'>
  readonly degraded: AdapterReply['degraded']
}

/** One sample of a platform's wire; see the README beside the fixtures. */
export interface Fixture {
  readonly name: string
  readonly title: string
  readonly kind:
    | 'pre-call'
    | 'event'
    | 'verification'
    | 'sequence'
    | 'hydration'
    | 'hydration-sequence'
    | 'relay'
  readonly options: Fields
  readonly request?: FixtureRequest
  readonly expect?: Expectation & Fields
  readonly variants?: readonly { readonly options: Fields; readonly expect: Expectation }[]
  readonly replies?: readonly FixtureReply[]
  readonly steps?: readonly {
    readonly request?: FixtureRequest
    readonly advance_clock_ms?: number
    /** A dependency that is broken during the step. */
    readonly fault?: string
    readonly expect: Fields
  }[]
  readonly answer?: { readonly status: number; readonly body: unknown }
  readonly answers?: readonly { readonly status: number; readonly body: unknown }[]
  readonly platform_configuration?: Fields
  readonly frames?: readonly {
    readonly at: string
    readonly from: 'twilio' | 'bookend'
    readonly message: Fields
    readonly neutral_events: readonly Fields[]
  }[]
}

const folder = new URL('../../fixtures/', import.meta.url)

export function loadFixtures(platform: PlatformId): readonly Fixture[] {
  const own = new URL(`${platform}/`, folder)
  return readdirSync(own)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => {
      const sample = JSON.parse(readFileSync(new URL(file, own), 'utf8')) as Omit<Fixture, 'name'>
      return { ...sample, name: file.slice(0, -'.json'.length) }
    })
}

export function loadFixture(platform: PlatformId, name: string): Fixture {
  const found = loadFixtures(platform).find((fixture) => fixture.name === name)
  if (found === undefined) throw new Error(`${platform} has no fixture ${name}`)
  return found
}

export const rawRequest = (request: FixtureRequest): RawRequest => ({
  ...request,
  body: Buffer.from(request.body),
})

/** An answer of a platform's API. */
export const answerOf = (status: number, body: unknown): RawAnswer => ({
  status,
  body: Buffer.from(JSON.stringify(body) ?? ''),
})

/** The request of one sample. */
export function requestOf(platform: PlatformId, name: string): RawRequest {
  const { request } = loadFixture(platform, name)
  if (request === undefined) throw new Error(`${platform}/${name} has no request`)
  return rawRequest(request)
}
