// Credentials at rest: AES-256-GCM under the server's secret key.
//
//   1 byte version · 12 bytes nonce · 16 bytes tag · ciphertext
//
// S1. What a value belongs to is bound in, so a sealed value moved to another row does not open.
// S2. The tag is always 16 bytes (threats fact 17).

import { BookendError } from '@bookend/core'
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** A stored credential was sealed under another key, or was moved or changed. */
export class SecretUnreadableError extends BookendError {
  override readonly name = 'SecretUnreadableError'
  readonly code = 'secret_unreadable'
  readonly retryable = false
}

export interface Secrets {
  /** @param context What the value belongs to, such as `agents.auth_token:<workspace>:<agent>`. */
  encrypt(plain: string, context: string): Buffer
  /** @throws {SecretUnreadableError} */
  decrypt(sealed: Uint8Array, context: string): string
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES
export const secretKeyBytes = 32

export function createSecrets(secretKey: Uint8Array): Secrets {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'bookend/credentials/1', 32))
  return {
    encrypt(plain, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body])
    },
    decrypt(sealed, context) {
      const bytes = Buffer.from(sealed)
      if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION) throw unreadable(context)
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEAD_BYTES))
      try {
        const plain = [decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]
        return Buffer.concat(plain).toString('utf8')
      } catch (error) {
        throw unreadable(context, error)
      }
    },
  }
}

function unreadable(context: string, cause?: unknown): SecretUnreadableError {
  const what = context.split(':')[0] ?? 'a credential'
  return new SecretUnreadableError(
    `A stored ${what} cannot be opened with this secret key; use the BOOKEND_SECRET_KEY it was stored under, or enter it again`,
    { cause },
  )
}
