// The access token of a connection, fetched when first needed and again before it ends.
//
// K1. One fetch at a time: who comes while it is under way waits for it.
// K2. A fetch belongs to who began it: when that step ends early, the next waiter fetches itself.
// K3. A token that was answered with 401 is not used again.

import { ConnectorFault } from '@bookend/core'

export interface AccessToken {
  readonly value: string
  readonly expiresInMs: number
  /** Where the token is good, for systems that say so with it. */
  readonly origin?: string
}

/** A token is renewed this much before its end. */
const MARGIN_MS = 60_000

export interface TokenCacheOptions {
  readonly now: () => Date
  /** @throws {ConnectorFault} */
  readonly fetch: () => Promise<AccessToken>
  /** Forget the one that was refused (K3). */
  readonly isRefused?: boolean
}

interface Kept {
  readonly token: AccessToken
  readonly endsAtMs: number
}

export class TokenCache {
  #kept: Kept | null = null
  #flight: Promise<Kept> | null = null

  /** @throws {ConnectorFault} There is none to be had. */
  async get({ now, fetch, isRefused = false }: TokenCacheOptions): Promise<AccessToken> {
    const kept = this.#kept
    if (kept !== null && !isRefused && now().getTime() < kept.endsAtMs) return kept.token
    const flight = this.#flight
    if (flight !== null) {
      // The other's end is not this one's (K2).
      const shared = await flight.catch(() => null)
      if (shared !== null) return shared.token
    }
    return (await this.#begin(now, fetch)).token
  }

  #begin(now: () => Date, fetch: () => Promise<AccessToken>): Promise<Kept> {
    this.#flight ??= this.#fetch(now, fetch).finally(() => {
      this.#flight = null
    })
    return this.#flight
  }

  async #fetch(now: () => Date, fetch: () => Promise<AccessToken>): Promise<Kept> {
    this.#kept = null
    const token = await fetch()
    const lifeMs = Math.max(0, token.expiresInMs - MARGIN_MS)
    this.#kept = { token, endsAtMs: now().getTime() + lifeMs }
    return this.#kept
  }
}

/** The token in an OAuth 2 answer (RFC 6749, 5.1). */
export function readTokenAnswer(body: unknown, defaultLifeMs = 3_600_000): AccessToken {
  const fields: Record<string, unknown> =
    typeof body === 'object' && body !== null ? { ...body } : {}
  const { access_token: value, expires_in: seconds, instance_url: origin } = fields
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(value)) {
    throw new ConnectorFault({ kind: 'auth', detail: 'no_token_in_answer' })
  }
  const life = Number(seconds)
  const expiresInMs = Number.isFinite(life) && life > 0 ? life * 1_000 : defaultLifeMs
  return { value, expiresInMs, ...(typeof origin === 'string' ? { origin } : {}) }
}
