import { createHmac } from 'node:crypto'
import { findSignatureFault } from '@bookend/core'
import type { RawRequest, Verification } from '../../adapter.ts'
import { credentialsOf, headerOf } from '../../read/headers.ts'
import { sameBase64, sameHex, sameText } from './compare.ts'
import { findStaleness, unitOf } from './freshness.ts'
import type { VerificationProfile } from './profile.ts'
import { refused, verdict } from './verdict.ts'

type ProfileOf<K extends VerificationProfile['kind']> = Extract<VerificationProfile, { kind: K }>

export function verifyProfile(request: RawRequest, profile: VerificationProfile): Verification {
  switch (profile.kind) {
    case 'bearer':
      return verifyBearer(request, profile.token, profile.header)
    case 'header-secret':
      return verifyHeaderSecret(request, profile)
    case 'basic':
      return verifyBasic(request, profile)
    case 'path-token':
      return verifyPathToken(request, profile)
    case 'standard-webhooks':
      return verifyStandardWebhooks(request, profile)
    case 'hmac':
      return verifyHmac(request, profile)
  }
}

export function verifyBearer(
  request: RawRequest,
  token: string,
  header = 'authorization',
): Verification {
  const given = credentialsOf(headerOf(request, header), 'bearer')
  if (given === null) return refused(`no bearer token in ${header}`)
  return verdict(sameText(given, token), 'the bearer token is not the one configured')
}

function verifyHeaderSecret(
  request: RawRequest,
  { header, secret }: Pick<ProfileOf<'header-secret'>, 'header' | 'secret'>,
): Verification {
  const given = headerOf(request, header)
  if (given === null) return refused(`no ${header} header`)
  return verdict(sameText(given, secret), `the secret in ${header} is not the one configured`)
}

function verifyBasic(request: RawRequest, profile: ProfileOf<'basic'>): Verification {
  const challenge = 'Basic realm="bookend", charset="UTF-8"'
  const given = credentialsOf(headerOf(request, 'authorization'), 'basic')
  if (given === null) return refused('no Basic credentials', challenge)
  const expected = Buffer.from(`${profile.username}:${profile.password}`).toString('base64')
  return sameText(given, expected)
    ? verdict(true, '')
    : refused('the user name or password is not the one configured', challenge)
}

function verifyPathToken(request: RawRequest, { token }: ProfileOf<'path-token'>): Verification {
  const [path = ''] = request.url.split(/[?#]/, 1)
  const last = path.slice(path.lastIndexOf('/') + 1)
  return verdict(sameText(last, token), 'the address does not end in the configured token')
}

function verifyStandardWebhooks(
  request: RawRequest,
  profile: ProfileOf<'standard-webhooks'>,
): Verification {
  const header = (name: string) => headerOf(request, `${profile.header_prefix}${name}`) ?? undefined
  const signature = header('signature')
  if (signature === undefined) return refused(`no ${profile.header_prefix}signature header`)
  const secrets = [profile.secret, profile.previous_secret].filter((one) => one !== undefined)
  const fault = findSignatureFault(
    secrets,
    {
      'webhook-id': header('id'),
      'webhook-timestamp': header('timestamp'),
      'webhook-signature': signature,
    },
    request.body,
    new Date(request.received_at),
  )
  return fault === null ? verdict(true, '') : refused(`the signature is ${FAULTS[fault]}`)
}

const FAULTS = {
  malformed: 'malformed',
  stale: 'too old or from the future',
  mismatch: 'not of this secret and body',
} as const

function verifyHmac(request: RawRequest, profile: ProfileOf<'hmac'>): Verification {
  const given = headerOf(request, profile.signature_header)
  if (given === null) return refused(`no ${profile.signature_header} header`)
  let timestamp = ''
  if (profile.timestamp_header !== null) {
    timestamp = headerOf(request, profile.timestamp_header) ?? ''
    const toleranceMs = profile.tolerance_s * 1_000
    const why = findStaleness(timestamp, unitOf(timestamp), request.received_at, toleranceMs)
    if (why !== null) return refused(why)
  }
  const [before = '', after = ''] = profile.payload_format
    .replaceAll('{timestamp}', timestamp)
    .split('{body}')
  const digest = createHmac(profile.algorithm, profile.secret)
    .update(before)
    .update(request.body)
    .update(after)
    .digest()
  const trimmed = given.trim()
  if (!trimmed.startsWith(profile.prefix)) return refused('the signature is malformed')
  const encoded = trimmed.slice(profile.prefix.length)
  const same = profile.encoding === 'hex' ? sameHex(encoded, digest) : sameBase64(encoded, digest)
  return verdict(same, 'the signature is not of this secret and body')
}
