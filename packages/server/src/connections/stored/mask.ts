// What may be shown of a connection's credential and settings (threat E6).

import type { ConnectionAuth } from '@bookend/contract'
import { isRecord } from './destination.ts'

const HINT_LENGTH = 4
const DOTS = '••••'
/** What tells accounts apart and opens nothing. */
const PUBLIC = new Set([
  'kind',
  'user',
  'username',
  'name',
  'client_id',
  'key_id',
  'access_key_id',
  'token_url',
  'scope',
  'audience',
  'client_in',
  'header',
  'prefix',
  'timestamp_header',
])

export const isPublicField = (name: string): boolean => PUBLIC.has(name)

/** Null: there is no credential. */
export function maskAuth(auth: unknown): ConnectionAuth | null {
  if (auth === null || auth === undefined) return null
  const fields = isRecord(auth) ? auth : { value: auth }
  const { kind } = fields
  const shown = Object.entries(fields).filter(([name]) => name !== 'kind')
  return {
    kind: typeof kind === 'string' ? kind : null,
    fields: Object.fromEntries(
      shown.map(([name, value]) => [
        name,
        isPublicField(name) && typeof value === 'string' ? value.slice(0, 200) : maskValue(value),
      ]),
    ),
  }
}

/** A short secret is not half shown. */
function maskValue(value: unknown): string {
  if (typeof value !== 'string' || value.length < 4 * HINT_LENGTH) return DOTS
  const hint = value.slice(-HINT_LENGTH)
  // The end of a key in PEM says nothing, and a line break in a list helps nobody.
  return /^[\x21-\x7e]+$/.test(hint) ? DOTS + hint : DOTS
}

const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/[^:@/?#]*):[^@/?#]*@/i
const PASSWORD_PARAMETER = /([?&]password=)[^&#]*/gi

/** The settings of a configuration file, whose URLs may hold a password. */
export function maskSettings(settings: unknown): Record<string, unknown> {
  if (!isRecord(settings)) return {}
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'string' ? maskUrl(value) : value,
    ]),
  )
}

const maskUrl = (text: string): string =>
  text.replace(USER_INFO, `$1:${DOTS}@`).replace(PASSWORD_PARAMETER, `$1${DOTS}`)

export const holdsPassword = (text: string): boolean => maskUrl(text) !== text
