// Which URLs a request may be sent to, as far as the text can tell. The same rule answers when a URL
// is saved and again when it is used; what a name resolves to is judged at connect.
//
//   length, characters ─▶ parse ─▶ scheme ─▶ userinfo ─▶ port ─▶ literal address │ name
//
// U1. Only the parsed host is judged, for the parser turns many spellings into one address.
// U2. The verdict's URL is the one to dial: no fragment, no trailing dot.

import { isIP } from 'node:net'
import type { AddressRule, OwnAddress } from './address-rule.ts'

export type UrlVerdict =
  | { readonly ok: true; readonly url: URL }
  | {
      readonly ok: false
      readonly code: 'invalid_url' | 'blocked'
      /** A sentence for the owner; it repeats nothing of the URL. */
      readonly reason: string
    }

export type UrlRule = (text: string) => UrlVerdict

export interface UrlRuleOptions {
  /** Also allows plain `http`, any port, and names that lead inside. */
  readonly allowPrivateTargets: boolean
  readonly allows: AddressRule
  /** Ports that may be dialled; `null` or nothing for any. */
  readonly ports?: readonly number[] | null
  readonly ownAddresses?: readonly OwnAddress[]
}

const urlLengthMax = 2_048

/** Space and control characters: the parser would drop them in silence. */
// Control characters are the subject of this pattern.
// oxlint-disable-next-line no-control-regex
const IGNORED_BY_PARSER = /[\u0000-\u0020\u007f]/

const INSIDE_SUFFIXES: ReadonlySet<string> = new Set([
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
])

export function createUrlRule(options: UrlRuleOptions): UrlRule {
  const { allowPrivateTargets, allows } = options
  const ports = allowPrivateTargets ? null : (options.ports ?? null)
  const own = (options.ownAddresses ?? []).map(({ host, port }) => ({
    host: withoutDot(host.toLowerCase()),
    port,
  }))

  function judgeHost(host: string, port: number): UrlVerdict | null {
    if (isIP(host) !== 0) {
      return allows(host, port) ? null : blocked('the address is not a public one')
    }
    if (own.some((at) => at.host === host && (at.port ?? port) === port)) {
      return blocked('the address is this server')
    }
    if (allowPrivateTargets || !leadsInside(host)) return null
    return blocked('the name is not a public one')
  }

  return (text) => {
    if (text.length > urlLengthMax) return invalid(`must be at most ${urlLengthMax} characters`)
    if (IGNORED_BY_PARSER.test(text))
      return invalid('must not contain spaces or control characters')
    const url = parseUrl(text)
    if (url === null) return invalid('is not a URL')
    url.hash = ''
    if (url.protocol !== 'https:' && !(allowPrivateTargets && url.protocol === 'http:')) {
      return invalid(allowPrivateTargets ? 'must be https or http' : 'must be https')
    }
    if (url.username !== '' || url.password !== '')
      return invalid('must not hold a user or password')
    const port = portOf(url)
    if (ports !== null && !ports.includes(port)) {
      return invalid(`must use one of these ports: ${ports.join(', ')}`)
    }
    const host = withoutDot(hostOf(url))
    if (host === '' || host.endsWith('.')) return invalid('is not a URL')
    const refusal = judgeHost(host, port)
    if (refusal !== null) return refusal
    if (url.hostname.endsWith('.')) url.hostname = host
    return url.href.length > urlLengthMax
      ? invalid(`must be at most ${urlLengthMax} characters`)
      : { ok: true, url }
  }
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** The host as it is dialled: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

function leadsInside(host: string): boolean {
  const lastDot = host.lastIndexOf('.')
  if (lastDot === -1) return true
  return INSIDE_SUFFIXES.has(host.slice(lastDot + 1)) || host.endsWith('.home.arpa')
}

const withoutDot = (host: string): string => (host.endsWith('.') ? host.slice(0, -1) : host)

const invalid = (reason: string): UrlVerdict => ({ ok: false, code: 'invalid_url', reason })
const blocked = (reason: string): UrlVerdict => ({ ok: false, code: 'blocked', reason })
