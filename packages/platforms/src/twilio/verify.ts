// A Twilio signature covers the address as Twilio calls it, and each form field by name.
//
// T1. The address is the configured public one: neither what a proxy made of it nor a forwarded
//     header of the client's. It is tried with and without the default port.
// T2. A body that is no form is outside the signature unless the address carries its digest.

import { createHash, createHmac } from 'node:crypto'
import type { RawRequest, Verification } from '../adapter.ts'
import { headerOf } from '../read/headers.ts'
import { decodeText } from '../read/json.ts'
import { sameBase64, sameHex } from '../rules/verification/compare.ts'
import { refused, verdict } from '../rules/verification/verdict.ts'
import type { TwilioOptions } from './options.ts'

export function verify(request: RawRequest, options: TwilioOptions): Verification {
  const given = headerOf(request, 'x-twilio-signature')
  if (given === null) return refused('no x-twilio-signature header')
  const signed = signedFields(request)
  if (signed === null) return refused('the body is not covered: bodySHA256 is missing or wrong')
  const tokens = [options.auth_token, options.secondary_auth_token].filter(
    (token) => token !== undefined,
  )
  const urls = publicUrls(request, options.public_base_url)
  const holds = tokens.some((token) =>
    urls.some((url) =>
      sameBase64(
        given.trim(),
        createHmac('sha1', token)
          .update(url + signed)
          .digest(),
      ),
    ),
  )
  return verdict(holds, 'the signature is not of this auth token, public_base_url and body')
}

/** What is signed after the address; null when the body is not covered at all. */
function signedFields(request: RawRequest): string | null {
  const type = headerOf(request, 'content-type') ?? ''
  if (type.toLowerCase().includes('application/x-www-form-urlencoded')) {
    return formText(new URLSearchParams(decodeText(request.body)))
  }
  if (request.body.length === 0) return ''
  const [, digest] = /[?&]bodySHA256=([0-9a-fA-F]{64})(?:&|#|$)/.exec(request.url) ?? []
  const actual = createHash('sha256').update(request.body).digest()
  return digest !== undefined && sameHex(digest, actual) ? '' : null
}

/** Fields by name; of a repeated one each value once, in order. */
function formText(form: URLSearchParams): string {
  const values = new Map<string, Set<string>>()
  for (const [name, value] of form) {
    const known = values.get(name)
    if (known === undefined) values.set(name, new Set([value]))
    else known.add(value)
  }
  let text = ''
  for (const name of [...values.keys()].toSorted()) {
    for (const value of [...(values.get(name) ?? [])].toSorted()) text += name + value
  }
  return text
}

function publicUrls(request: RawRequest, baseUrl: string): readonly string[] {
  const base = new URL(baseUrl)
  // Only path and query are taken from what the server saw.
  const seen = /^(?:[a-z]+:\/\/[^/?#]*)?([^#]*)/i.exec(request.url)?.[1] ?? ''
  const isSocket = (headerOf(request, 'upgrade') ?? '').toLowerCase() === 'websocket'
  const isSecure = base.protocol === 'https:'
  const scheme = isSocket ? (isSecure ? 'wss:' : 'ws:') : base.protocol
  const prefix = base.pathname.replace(/\/$/, '')
  const path = prefix !== '' && seen.startsWith(`${prefix}/`) ? seen : `${prefix}${seen}`
  const hosts =
    base.port === '' ? [base.hostname, `${base.hostname}:${isSecure ? 443 : 80}`] : [base.host]
  return hosts.map((host) => `${scheme}//${host}${path}`)
}
