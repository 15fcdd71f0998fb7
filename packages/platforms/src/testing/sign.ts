// Signs requests as each platform does. Written apart from the verifiers, by the vendors' published
// recipes, so that the two can disagree; the vendors' own helpers judge both.

import { createHash, createHmac, createPrivateKey, sign as signBytes } from 'node:crypto'
import type { PlatformId } from '../neutral.ts'
import type { Door } from '../adapter.ts'
import { fieldsOf, textOf, type Fields } from '../read/fields.ts'

export interface Unsigned {
  readonly door: Door
  readonly url: string
  readonly body: Uint8Array
  readonly at: Date
  readonly contentType: string
}
type Headers = Record<string, string>

const hmac = (
  algorithm: string,
  key: string | Buffer,
  ...parts: readonly (string | Uint8Array)[]
) => {
  const digest = createHmac(algorithm, key)
  for (const part of parts) digest.update(part)
  return digest
}
const seconds = (at: Date) => String(Math.floor(at.getTime() / 1_000))
const secretIn = (options: Fields, name: string) => textOf(options[name]) ?? ''
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })

/** Seed of the key that stands for Telnyx; its public half is in the fixtures. */
const telnyxSeed = Buffer.from(
  '3f1c7a90d2be45886a0f9bd7c1e2a354607f8e9dacb1c2d3e4f5061728394a5b',
  'hex',
)
const telnyxKey = () =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), telnyxSeed]),
    format: 'der',
    type: 'pkcs8',
  })

function standardWebhooks({ body, at }: Unsigned, secret: string, prefix: string): Headers {
  const id = `msg_${createHash('sha256').update(body).digest('hex').slice(0, 16)}`
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = hmac('sha256', key, `${id}.${seconds(at)}.`, body).digest('base64')
  return {
    [`${prefix}id`]: id,
    [`${prefix}timestamp`]: seconds(at),
    [`${prefix}signature`]: `v1,${signature}`,
  }
}

function byProfile(unsigned: Unsigned, profile: Fields): Headers {
  const { body, at } = unsigned
  const secret = secretIn(profile, 'secret')
  switch (textOf(profile['kind']) ?? '') {
    case 'bearer':
      return bearer(secretIn(profile, 'token'))
    case 'header-secret':
      return { [secretIn(profile, 'header')]: secret }
    case 'standard-webhooks':
      return standardWebhooks(unsigned, secret, textOf(profile['header_prefix']) ?? 'webhook-')
    case 'hmac':
      return {
        'x-timestamp': seconds(at),
        'x-signature': hmac('sha256', secret, `${seconds(at)}.`, body).digest('hex'),
      }
    default:
      return {}
  }
}

function timed({ body, at }: Unsigned, secret: string, version: string): string {
  const digest = hmac('sha256', secret, `${seconds(at)}.`, body).digest('hex')
  return `t=${seconds(at)},${version}=${digest}`
}

function twilio({ body, url, contentType }: Unsigned, token: string): Headers {
  let signed = url
  if (contentType.includes('form')) {
    const form = [...new URLSearchParams(Buffer.from(body).toString())]
    for (const [name, value] of form.toSorted(([a], [b]) => (a < b ? -1 : 1)))
      signed += name + value
  }
  return { 'x-twilio-signature': hmac('sha1', token, signed).digest('base64') }
}

function liveKit({ body, at }: Unsigned, key: string, secret: string): Headers {
  const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(at.getTime() / 1_000)
  const sha256 = createHash('sha256').update(body).digest('base64')
  const claims = { iss: key, nbf: now, exp: now + 300, sha256 }
  const head = `${text({ alg: 'HS256', typ: 'JWT' })}.${text(claims)}`
  return { authorization: `${head}.${hmac('sha256', secret, head).digest('base64url')}` }
}

function jambonz(unsigned: Unsigned, auth: Fields): Headers {
  if (auth['kind'] === 'signature') {
    return { 'jambonz-signature': timed(unsigned, secretIn(auth, 'secret'), 'v1') }
  }
  return basic(auth)
}

function basic(options: Fields): Headers {
  const pair = `${secretIn(options, 'username')}:${secretIn(options, 'password')}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** The headers with which the platform would send this. */
export function signAs(platform: PlatformId, unsigned: Unsigned, options: Fields): Headers {
  const isPreCall = unsigned.door === 'pre-call'
  const { body, at } = unsigned
  switch (platform) {
    case 'simple-ai':
    case 'assemblyai':
      return isPreCall
        ? bearer(secretIn(options, 'pre_call_token'))
        : byProfile(unsigned, fieldsOf(options['event_verification']))
    case 'retell': {
      const v = String(at.getTime())
      const d = hmac('sha256', secretIn(options, 'api_key'), body, v).digest('hex')
      return { 'x-retell-signature': `v=${v},d=${d}` }
    }
    case 'vapi':
      return byProfile(unsigned, fieldsOf(options['verification']))
    case 'elevenlabs':
      return isPreCall
        ? { [textOf(options['auth_header']) ?? '']: secretIn(options, 'header_secret') }
        : { 'elevenlabs-signature': timed(unsigned, secretIn(options, 'webhook_secret'), 'v0') }
    case 'twilio':
      return twilio(unsigned, secretIn(options, 'auth_token'))
    case 'telnyx': {
      const message = Buffer.concat([Buffer.from(`${seconds(at)}|`), body])
      return {
        'telnyx-timestamp': seconds(at),
        'telnyx-signature-ed25519': signBytes(null, message, telnyxKey()).toString('base64'),
      }
    }
    case 'bland':
      return isPreCall
        ? bearer(secretIn(options, 'pre_call_token'))
        : {
            'x-webhook-signature': hmac('sha256', secretIn(options, 'signing_secret'), body).digest(
              'hex',
            ),
          }
    case 'livekit':
      if (isPreCall) return bearer(secretIn(options, 'pre_call_token'))
      return unsigned.contentType.includes('webhook')
        ? liveKit(unsigned, secretIn(options, 'api_key'), secretIn(options, 'api_secret'))
        : standardWebhooks(unsigned, secretIn(options, 'event_secret'), 'webhook-')
    case 'jambonz':
      return jambonz(unsigned, fieldsOf(options['auth']))
    case 'sip':
      return basic(options)
  }
}
