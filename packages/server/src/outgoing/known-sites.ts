// Where a request goes: its site, which is judged, and what it asks for there.
//
//   text ─▶ site seen before, and a plain path ─▶ that site, the path as it is written
//     └──────────────── else ─▶ URL rule ─▶ site, the parser's path
//
// S1. The rule judges nothing of a URL but its site, its length and its characters, so a site is
//     judged once. It is remembered only under exactly the text that the parser makes of it.
// S2. A path is taken as it is written only where the parser would change nothing in it.

import { hostOf, type UrlRule, type UrlVerdict } from './url-rule.ts'

export interface Site {
  /** A URL there; only its site counts. */
  readonly url: URL
  readonly origin: string
  /** An IPv6 address without its brackets. */
  readonly host: string
}

export type Located =
  | { readonly ok: true; readonly site: Site; readonly path: string }
  | Extract<UrlVerdict, { ok: false }>

const SITES_MAX = 1_000
const LENGTH_MAX = 2_048
const PLAIN = /^(?:\/[\w\-.~!$&()*+,;=:@%]*)+(?:\?[\w\-.~!$&()*+,;=:@%/?]+)?$/
/** What the parser takes for a step up, or for nothing. */
const DOTS = /\/(?:\.|%2e)/i

/** The path as the parser would write it; null: that takes the parser. */
export const plainPath = (text: string): string | null =>
  PLAIN.test(text) && !DOTS.test(text) ? text : null

export class KnownSites {
  readonly #judge: UrlRule
  readonly #sites = new Map<string, Site>()

  constructor(judge: UrlRule) {
    this.#judge = judge
  }

  locate(text: string): Located {
    const end = text.indexOf('/', 8)
    const site = end === -1 ? undefined : this.#sites.get(text.slice(0, end))
    const path = site === undefined ? null : plainPath(text.slice(end))
    if (site !== undefined && path !== null && text.length <= LENGTH_MAX) {
      return { ok: true, site, path }
    }
    const verdict = this.#judge(text)
    if (!verdict.ok) return verdict
    const { url } = verdict
    return { ok: true, site: this.#remember(url), path: url.pathname + url.search }
  }

  #remember(url: URL): Site {
    const { origin } = url
    const known = this.#sites.get(origin)
    if (known !== undefined) return known
    const site = { url, origin, host: hostOf(url) }
    if (this.#sites.size >= SITES_MAX) this.#sites.clear()
    this.#sites.set(origin, site)
    return site
  }
}
