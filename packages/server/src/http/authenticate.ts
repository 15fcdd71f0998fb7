// Who asks: an API key, or the dashboard's session.
//
// H1. A key is found by its id in memory and compared by hash in constant time; no query, no wait.
// H2. A session speaks for its key, and ends with it. Its writes must come from our own page (E: CSRF).
// H3. Whatever is wrong with a key, the answer is the same.
// H4. People see personal data masked when they may not reveal it, or when their workspace has it so
//     for everybody; whether they ask by a session or with their key. A program's key is shown all.

import type { MaskRule, Scope } from '@bookend/contract'
import { allows } from '@bookend/contract'
import { apiKeyId, hashApiKey } from '@bookend/core'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Database } from '../store/database.ts'
import type { KeyRow } from '../store/postgres/keys.ts'
import { findSession } from '../store/postgres/sessions.ts'
import type { Access, RequestHeaders } from './handlers.ts'
import { ProblemError } from './problem.ts'

export const sessionCookie = '__Host-bookend'
const TOKEN = /^[A-Za-z0-9_-]{43}$/

const PROVEN_MAX = 1_000

/** What is known of a key that was good before: it saves the hashing, and no comparison (H1). */
interface Proven {
  readonly id: string
  readonly digest: Uint8Array
}

export interface KeyBook {
  findKey(id: string): KeyRow | undefined
  maskRule(workspaceId: string): MaskRule
}

export interface Authenticator {
  /**
   * A key is known at once; only a session is waited for.
   *
   * @throws {ProblemError} 401, 403; a session's by its promise.
   */
  authenticate(request: AuthRequest, needed: Scope): Access | Promise<Access>
  /** The same for a key alone, as the sign-in asks it. */
  accessOfKey(key: string, isSession?: boolean): Access
}

interface AuthRequest {
  readonly method: string
  readonly headers: RequestHeaders
  readonly host: string
}

export function createAuthenticator(
  keys: KeyBook,
  database: Pick<Database, 'pool' | 'query'>,
  onUse: (key: KeyRow) => void,
): Authenticator {
  const proven = new Map<string, Proven>()

  function accessOfKey(key: string, isSession = false): Access {
    const known = proven.get(key)
    const id = known?.id ?? apiKeyId(key)
    const row = id === null ? undefined : keys.findKey(id)
    if (row === undefined) throw unauthenticated()
    const digest = known?.digest ?? hashApiKey(key)
    if (!timingSafeEqual(digest, row.hash)) throw unauthenticated()
    if (known === undefined) {
      if (proven.size >= PROVEN_MAX) proven.clear()
      proven.set(key, { id: row.id, digest })
    }
    onUse(row)
    return accessOf(row, isSession)
  }

  function accessOf(row: KeyRow, isSession: boolean): Access {
    const { workspace_id: workspaceId, scopes, id, label, person_id: personId } = row
    const isPerson = isSession || personId !== null
    const isMasked =
      isPerson && (!allows(scopes, 'write') || keys.maskRule(workspaceId) === 'everyone')
    return { workspaceId, scopes, keyId: id, keyLabel: label, personId, isMasked }
  }

  async function accessOfSession(token: string, request: AuthRequest): Promise<Access> {
    if (!TOKEN.test(token)) throw unauthenticated()
    const session = await findSession(
      { query: database.pool.query.bind(database.pool) },
      hashToken(token),
    )
    const row = session === undefined ? undefined : keys.findKey(session.key_id)
    if (row === undefined) throw unauthenticated()
    if (!isSafe(request.method) && !isOwnOrigin(request)) {
      throw new ProblemError('bad_origin', 'A signed-in page may only write from its own origin')
    }
    return accessOf(row, true)
  }

  return {
    accessOfKey,
    authenticate(request, needed) {
      const { authorization, cookie: cookies } = request.headers
      if (authorization !== undefined) {
        return admit(accessOfKey(authorization.replace(/^Bearer +/i, '').trim()), needed)
      }
      const cookie = readCookie(cookies)
      if (cookie === null) throw unauthenticated()
      return accessOfSession(cookie, request).then((access) => admit(access, needed))
    },
  }
}

function admit(access: Access, needed: Scope): Access {
  if (allows(access.scopes, needed)) return access
  throw new ProblemError('forbidden', `This needs a key with scope "${needed}"`)
}

export const hashToken = (token: string): Uint8Array => createHash('sha256').update(token).digest()

const unauthenticated = (): ProblemError =>
  new ProblemError('unauthenticated', 'Send an API key as "Authorization: Bearer bk_…"')

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** An absent `Origin` on a write is no browser of ours. */
function isOwnOrigin({ headers, host }: AuthRequest): boolean {
  const { origin } = headers
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
}

export function readCookie(header: string | undefined): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === sessionCookie && value !== undefined) return value
  }
  return null
}
