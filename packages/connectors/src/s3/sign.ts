// AWS Signature Version 4 in headers, as S3 has it: the path is encoded once.

import { createHash, createHmac } from 'node:crypto'
import type { S3Auth } from './schema.ts'

export interface Unsigned {
  readonly method: string
  readonly url: string
  /** All are signed; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface SignOptions {
  readonly auth: S3Auth
  readonly region: string
  readonly now: Date
}

/** The headers to send: those given, and those that prove who sends them. */
export function signRequest(
  { method, url, headers, body }: Unsigned,
  { auth, region, now }: SignOptions,
): Record<string, string> {
  const at = now.toISOString().replaceAll(/[:-]|\.\d{3}/g, '')
  const day = at.slice(0, 8)
  const { host, pathname, searchParams } = new URL(url)
  const { session_token: token } = auth
  const sent: Record<string, string> = {
    ...headers,
    'x-amz-date': at,
    'x-amz-content-sha256': sha256(body).toString('hex'),
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
  }
  const signed = Object.entries({ ...sent, host }).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const names = signed.map(([name]) => name).join(';')
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
  const canonical = [
    method,
    pathname,
    query,
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    sent['x-amz-content-sha256'],
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const digest = sha256(Buffer.from(canonical)).toString('hex')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${auth.secret_access_key}`,
  )
  const signature = hmac(key, ['AWS4-HMAC-SHA256', at, scope, digest].join('\n')).toString('hex')
  const credential = `${auth.access_key_id}/${scope}`
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
