import { ConnectorFault } from '@bookend/core'
import { createPrivateKey, sign } from 'node:crypto'

export interface JwtInput {
  readonly header?: Readonly<Record<string, string>>
  readonly claims: Readonly<Record<string, string | number>>
  /** PEM, PKCS #8 or PKCS #1. */
  readonly privateKey: string
}

/** Signed by RS256. @throws {ConnectorFault} The key is none that can sign. */
export function signJwt({ header = {}, claims, privateKey }: JwtInput): string {
  const head = encode({ alg: 'RS256', typ: 'JWT', ...header })
  const signed = `${head}.${encode(claims)}`
  try {
    const key = createPrivateKey(privateKey.replaceAll('\\n', '\n'))
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
  } catch {
    // The library's error may quote the key.
    throw new ConnectorFault({ kind: 'auth', detail: 'private_key_unusable' })
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
